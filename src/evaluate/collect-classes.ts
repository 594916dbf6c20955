import type { ExampleSet } from "../data/example-set";
import { classProbabilities } from "../predict/class-probabilities";
import { classFigures } from "./class-figures";
import { confusionMatrix } from "./confusion-matrix";
import type { ClassDetails } from "./evaluation";
import { WorstMistakes } from "./worst-mistakes";

const mistakesShown = 10;

/** Collects what a classifier says, batch by batch; `count` examples will come. */
export class ClassCollector {
  private readonly truth: Int32Array;
  private readonly predicted: Int32Array;
  private readonly worst = new WorstMistakes(mistakesShown);
  private done = 0;

  constructor(
    private readonly labels: readonly string[],
    private readonly set: ExampleSet,
    count: number,
  ) {
    this.truth = new Int32Array(count);
    this.predicted = new Int32Array(count);
  }

  /** `outputs` is `[examples, width]`, `targets` the true classes. */
  add(examples: Int32Array, targets: ArrayLike<number>, outputs: Float32Array): void {
    const width = outputs.length / examples.length;
    for (const [index, example] of examples.entries()) {
      const row = outputs.subarray(index * width, (index + 1) * width);
      const probabilities = classProbabilities(row, this.labels.length);
      // The first of equal ones, as accuracy takes it.
      const predicted = probabilities.indexOf(Math.max(...probabilities));
      const truth = targets[index] ?? 0;
      this.truth[this.done] = truth;
      this.predicted[this.done++] = Math.max(0, predicted);
      if (predicted !== truth) this.addMistake(example, truth, Math.max(0, predicted), probabilities);
    }
  }

  private addMistake(example: number, truth: number, predicted: number, probabilities: Float32Array): void {
    this.worst.add({
      origin: this.set.origin(example),
      example,
      input: null,
      label: this.labels[truth] ?? "",
      predicted: this.labels[predicted] ?? "",
      probability: probabilities[predicted] ?? Number.NaN,
    });
  }

  details(): ClassDetails {
    const { labels } = this;
    const confusion = confusionMatrix(this.truth, this.predicted, labels.length);
    return { kind: "classes", labels, confusion, perClass: classFigures(confusion, labels), mistakes: this.worst.all };
  }
}
