import type { ExampleSet } from "../data/example-set";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import { ClassCollector } from "./collect-classes";
import { ForecastCollector } from "./collect-forecasts";
import { StepCollector } from "./collect-steps";
import { TokenCollector } from "./collect-tokens";
import { ValueCollector } from "./collect-values";
import type { Collector } from "./collector";
import type { EvaluationData } from "./open-evaluation-data";

/** The collector for what is predicted. */
export function createCollector(
  { set, task, examples, rows, config: { seed } }: EvaluationData,
  { toOriginal, record, tokenizer }: Preprocessing,
): Collector {
  const { targets, inputs } = set;
  const count = examples.length;
  if (targets.kind === "class") return new ClassCollector(targets.labels, set, { count, seed });
  if (targets.kind === "sequence") {
    if (task === "languageModel" && tokenizer) return new TokenCollector(set, tokenizer, { count, seed });
    return new StepCollector(targets.labels, set, { count: countTargets(targets, examples), seed });
  }
  if (inputs.kind === "window" && record.kind === "window" && toOriginal && rows) {
    const { horizon, stride } = record.window;
    const origin = (example: number) => set.origin(example);
    return new ForecastCollector({ inputs, rows, horizon, stride, toOriginal, origin, count, seed });
  }
  return new ValueCollector(targets.names, set, { count, seed });
}

/** Steps of `examples` that have a class to predict. */
function countTargets({ steps }: Extract<ExampleSet["targets"], { kind: "sequence" }>, examples: Int32Array): number {
  let count = 0;
  for (const example of examples) for (const target of steps(example)) if (target >= 0) count++;
  return count;
}
