import type { Confidence } from "./confidence";
import type { Evaluation } from "./evaluation";

export interface CollectedResults {
  readonly details: Evaluation["details"];
  readonly confidence: Confidence | null;
}

/** Takes what a model says, batch by batch, and knows in the end what there is to say of it. */
export interface Collector {
  /**
   * What `add` gets as outputs: the model's, row-major, or of class sequences only what became of each step's target, as a language
   * model's outputs are large: `[examples, steps, 2]`, -ln of its probability and 1 where it was the likeliest.
   */
  readonly wanted: "outputs" | "targets";
  /** `targets` and `outputs` as batch and model have them, row-major. */
  add(examples: Int32Array, targets: ArrayLike<number>, outputs: Float32Array): void;
  results(): CollectedResults;
}
