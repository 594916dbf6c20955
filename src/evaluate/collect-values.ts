import type { ValueDetails } from "./evaluation";
import { regressionFigures } from "./regression-figures";

/** Collects the values that a model predicts, batch by batch; `count` examples will come. */
export class ValueCollector {
  private readonly truth: Float32Array;
  private readonly predicted: Float32Array;
  private offset = 0;

  constructor(
    private readonly names: readonly string[],
    count: number,
  ) {
    this.truth = new Float32Array(count * names.length);
    this.predicted = new Float32Array(count * names.length);
  }

  /** Both are `[examples, values]`. */
  add(_examples: Int32Array, targets: ArrayLike<number>, outputs: Float32Array): void {
    this.truth.set(targets, this.offset);
    this.predicted.set(outputs, this.offset);
    this.offset += outputs.length;
  }

  details(): ValueDetails {
    const { names, truth, predicted } = this;
    return {
      kind: "values",
      targets: names.map((name, column) => regressionFigures(name, truth, predicted, column, names.length)),
    };
  }
}
