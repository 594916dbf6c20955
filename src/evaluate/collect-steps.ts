import type { ExampleSet } from "../data/example-set";
import { classProbabilities } from "../predict/class-probabilities";
import { ClassTally } from "./class-tally";
import type { CollectedResults, Collector } from "./collector";
import { showExample } from "./show-example";

/** Collects what a model says of each step of sequences, batch by batch; steps without a target are passed over. */
export class StepCollector implements Collector {
  readonly wanted = "outputs";
  private readonly tally: ClassTally;
  /** Where each sequence's predictions begin. */
  private readonly offsets: number[] = [0];

  /** `count` steps with a target will come. */
  constructor(
    private readonly labels: readonly string[],
    private readonly set: ExampleSet,
    { count, seed }: { readonly count: number; readonly seed: number },
  ) {
    this.tally = new ClassTally({ labels, count, seed });
  }

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
        const at = ++word;
        const outputsOfStep = outputs.subarray(position * width, (position + 1) * width);
        this.tally.add(truth, classProbabilities(outputsOfStep, this.labels.length), () => {
          const shown = showExample(this.set, example);
          return { ...shown, origin: `${shown.origin} word ${at}`, word: at };
        });
      }
      this.offsets.push((this.offsets.at(-1) ?? 0) + word);
    }
  }

  results(): CollectedResults {
    return this.tally.results("sequence", Int32Array.from(this.offsets));
  }
}
