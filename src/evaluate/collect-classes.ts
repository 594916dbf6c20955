import type { ExampleSet } from "../data/example-set";
import { classProbabilities } from "../predict/class-probabilities";
import { ClassTally } from "./class-tally";
import type { CollectedResults, Collector } from "./collector";
import { showExample } from "./show-example";

/** Collects what a classifier says, batch by batch; `count` examples will come. */
export class ClassCollector implements Collector {
  readonly wanted = "outputs";
  private readonly tally: ClassTally;

  constructor(
    private readonly labels: readonly string[],
    private readonly set: ExampleSet,
    { count, seed }: { readonly count: number; readonly seed: number },
  ) {
    this.tally = new ClassTally({ labels, count, seed });
  }

  /** `outputs` is `[examples, width]`, `targets` the true classes. */
  add(examples: Int32Array, targets: ArrayLike<number>, outputs: Float32Array): void {
    const width = outputs.length / examples.length;
    for (const [index, example] of examples.entries()) {
      const row = outputs.subarray(index * width, (index + 1) * width);
      const probabilities = classProbabilities(row, this.labels.length);
      this.tally.add(targets[index] ?? 0, probabilities, () => showExample(this.set, example));
    }
  }

  results(): CollectedResults {
    return this.tally.results("example");
  }
}
