import type { ModelDescription } from "../checkpoint/model-description";
import type { RunPlan } from "../checkpoint/run-plan";
import { usedPrecision } from "../engine/used-precision";
import type { Runtime } from "../runtime/start-runtime";
import type { Figures } from "./events";
import type { TrainingSetup } from "./training-setup";

interface Trained {
  readonly setup: TrainingSetup;
  readonly plan: RunPlan;
  readonly runtime: Runtime;
  /** The epoch of the saved weights; `metrics` are its. */
  readonly epoch: number;
  readonly metrics: Figures;
  readonly epochs: number;
  readonly steps: number;
  readonly seconds: number;
}

/** What a trained model's folder says of it. */
export function describeTrained(trained: Trained): Omit<ModelDescription, "formatVersion" | "files"> {
  const { setup, plan, runtime, epoch, metrics, epochs, steps, seconds } = trained;
  const { config, data, model, engine, outputWidth } = setup;
  const { targets, inputs } = data.set;
  const { shape, dtype, record } = data.preprocessing;
  const { train, validation, test } = data.splits;
  const figures = Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : null]);
  return {
    name: config.name,
    task: data.task,
    // A language model's labels are its tokenizer's tokens, which are among the preprocessing.
    labels: targets.kind === "values" || data.task === "languageModel" ? null : [...targets.labels],
    targets: targets.kind === "values" ? [...targets.names] : null,
    input: { kind: inputs.kind, shape: [...shape], dtype },
    output: { width: outputWidth },
    preprocessing: record,
    config: { ...config },
    baseFolder: plan.baseFolder,
    metrics: { epoch, values: Object.fromEntries(figures) },
    parameters: model.countParams(),
    training: {
      device: runtime.device,
      engine: engine.kind,
      precision: usedPrecision(config.train.precision, runtime, engine.kind),
      seed: config.seed,
      epochs,
      steps,
      seconds: Math.round(seconds * 1000) / 1000,
      finishedAt: new Date().toISOString(),
      examples: { train: train.length, validation: validation.length, test: test.length },
    },
    versions: plan.versions,
  };
}
