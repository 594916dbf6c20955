import type { Preprocessing } from "../data/preprocess/preprocessing";
import { ClassCollector } from "./collect-classes";
import { ForecastCollector } from "./collect-forecasts";
import { StepCollector } from "./collect-steps";
import { ValueCollector } from "./collect-values";
import { TokenCounter } from "./count-tokens";
import type { Evaluation } from "./evaluation";
import type { EvaluationData } from "./open-evaluation-data";

/** Takes what a model says, batch by batch, and knows in the end what there is to say of it. */
export interface Collector {
  /** Whether `add` looks at the outputs; a language model's are large, and nothing is asked of them. */
  readonly wantsOutputs?: false;
  /** `targets` and `outputs` as batch and model have them, row-major. */
  add(examples: Int32Array, targets: ArrayLike<number>, outputs: Float32Array): void;
  details(): Evaluation["details"];
}

/** The collector for what is predicted. */
export function createCollector(
  { set, task, examples, rows }: EvaluationData,
  { toOriginal, record }: Preprocessing,
): Collector {
  const { targets, inputs } = set;
  if (targets.kind === "class") return new ClassCollector(targets.labels, set, examples.length);
  if (targets.kind === "sequence") {
    return task === "languageModel" ? new TokenCounter() : new StepCollector(targets.labels, set);
  }
  if (inputs.kind === "window" && record.kind === "window" && toOriginal && rows) {
    return new ForecastCollector({ inputs, rows, horizon: record.window.horizon, toOriginal });
  }
  return new ValueCollector(targets.names, examples.length);
}
