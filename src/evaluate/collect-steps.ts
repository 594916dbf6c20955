import type { ExampleSet } from "../data/example-set";
import { classProbabilities } from "../predict/class-probabilities";
import { classFigures } from "./class-figures";
import { confusionMatrix } from "./confusion-matrix";
import type { ClassDetails } from "./evaluation";
import { WorstMistakes } from "./worst-mistakes";

const mistakesShown = 10;

/** Collects what a model says of each step of sequences, batch by batch; steps without a target are passed over. */
export class StepCollector {
  private readonly truth: number[] = [];
  private readonly predicted: number[] = [];
  private readonly worst = new WorstMistakes(mistakesShown);

  constructor(
    private readonly labels: readonly string[],
    private readonly set: ExampleSet,
  ) {}

  /** `outputs` is `[examples, steps, width]`, `targets` `[examples, steps]`. */
  add(examples: Int32Array, targets: ArrayLike<number>, outputs: Float32Array): void {
    const width = outputs.length / targets.length;
    const steps = targets.length / examples.length;
    for (const [index, example] of examples.entries()) {
      let word = 0;
      for (let step = 0; step < steps; step++) {
        const position = index * steps + step;
        const truth = targets[position] ?? -1;
        if (truth < 0) continue;
        word++;
        const outputsOfStep = outputs.subarray(position * width, (position + 1) * width);
        const probabilities = classProbabilities(outputsOfStep, this.labels.length);
        const predicted = Math.max(0, probabilities.indexOf(Math.max(...probabilities)));
        this.truth.push(truth);
        this.predicted.push(predicted);
        if (predicted !== truth) {
          this.worst.add({
            origin: `${this.set.origin(example)} word ${word}`,
            example,
            input: null,
            label: this.labels[truth] ?? "",
            predicted: this.labels[predicted] ?? "",
            probability: probabilities[predicted] ?? Number.NaN,
          });
        }
      }
    }
  }

  details(): ClassDetails {
    const { labels } = this;
    const confusion = confusionMatrix(Int32Array.from(this.truth), Int32Array.from(this.predicted), labels.length);
    return { kind: "classes", labels, confusion, perClass: classFigures(confusion, labels), mistakes: this.worst.all };
  }
}
