import type { ModelFolder } from "../checkpoint/model-folder";
import { modelPreprocessing } from "../checkpoint/model-preprocessing";
import { evaluationBatches } from "../data/batches/evaluation-batches";
import { restorePreprocessing } from "../data/preprocess/preprocessing";
import { classLabels } from "../data/target-names";
import type { TrainingProgram } from "../engine/engine";
import { keepProgram } from "../engine/kept-programs/keep-program";
import { metricSchema } from "../objectives/metric-config";
import { bindOptimizer } from "../optimization/optimizer-config";
import type { tf } from "../runtime/tf";
import { EpochSums } from "../train/epoch-sums";
import { createObjective } from "../train/objective";
import { createBatchEvaluator } from "./batch-evaluator";
import type { CollectedResults } from "./collector";
import { createCollector } from "./create-collector";
import type { ClassDetails, Evaluation, ForecastDetails } from "./evaluation";
import type { EvaluationData } from "./open-evaluation-data";

interface EvaluateRequest {
  readonly folder: ModelFolder;
  readonly data: EvaluationData;
  readonly batchSize: number;
  readonly signal?: AbortSignal;
  /** Told how many examples are done. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Measures a model on the examples that `data` chose, on the running device, with the code that measures validation examples in training.
 * Keeps what later predictions start sooner with.
 */
export async function evaluate({ folder, data, batchSize, signal, onProgress }: EvaluateRequest): Promise<Evaluation> {
  const model = await folder.loadModel();
  try {
    const program = programFor(model, folder, data);
    const { set, examples } = data;
    const { targets } = set;
    const preprocessing = modelPreprocessing(folder);
    const { cache } = data.config.data;
    const inputs = preprocessing.encode(set.inputs, { origin: (index) => set.origin(index), cache, isReadOnce: true });
    const collector = createCollector(data, preprocessing);
    const sums = new EpochSums(program.metrics);
    const evaluator = createBatchEvaluator(program, { wanted: collector.wanted, examples: examples.length });
    try {
      for await (const batch of evaluationBatches({ inputs, targets, examples, batchSize, signal })) {
        const { statistics, outputs } = evaluator.evaluate(batch);
        sums.add(statistics);
        collector.add(batch.examples, batch.targets.data, outputs);
        onProgress?.(sums.examples);
      }
    } finally {
      evaluator.dispose();
      await inputs.close();
    }
    keepProgram({ sum: folder.sum, task: folder.description.task, model, preprocessing });
    return summarize(data, sums, collector.results());
  } finally {
    model.dispose();
  }
}

function summarize(
  { split, examples, warnings }: EvaluationData,
  sums: EpochSums,
  { details, confidence }: CollectedResults,
): Evaluation {
  const { loss = Number.NaN, ...metrics } = sums.figures();
  return {
    split,
    examples: examples.length,
    loss,
    metrics: { ...basicFigures(details, metrics), ...metrics },
    details,
    confidence,
    warnings,
  };
}

/** What everybody asks for first, whatever the config measures. */
function basicFigures(
  details: Evaluation["details"],
  { perplexity = Number.NaN }: Readonly<Record<string, number>>,
): Record<string, number> {
  switch (details.kind) {
    case "classes":
      return { accuracy: accuracy(details) };
    case "forecasts":
      return inOriginalUnits(details);
    case "tokens":
      return { natsPerToken: Math.log(perplexity) };
    case "values":
      return {};
  }
}

/** Over all targets: the config's own metrics are of scaled values. */
function inOriginalUnits({ targets }: ForecastDetails): Record<string, number> {
  const mean = (of: (target: ForecastDetails["targets"][number]) => number) =>
    targets.reduce((sum, target) => sum + of(target), 0) / targets.length;
  return {
    maeInOriginalUnits: mean(({ mae }) => mae),
    rmseInOriginalUnits: Math.sqrt(mean(({ rmse }) => rmse ** 2)),
  };
}

function accuracy({ confusion, perClass }: ClassDetails): number {
  const hits = confusion.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
  return hits / perClass.reduce((sum, { support }) => sum + support, 0);
}

const tokenMetrics = [metricSchema.parse("perplexity"), metricSchema.parse("bitsPerCharacter")];

/** Nothing is trained: what only a training step asks for is left at rest. */
function programFor(model: tf.LayersModel, { description }: ModelFolder, data: EvaluationData): TrainingProgram {
  const { config, set, task } = data;
  const more = task === "languageModel" ? tokenMetrics : [];
  const { loss, metrics } = createObjective(config, set, model.outputs[0]?.shape ?? [], more);
  const { deviceStage, dtype } = restorePreprocessing(description.preprocessing);
  return {
    model,
    inputDtype: dtype,
    deviceStage,
    augmentation: undefined,
    loss,
    metrics,
    optimizer: bindOptimizer(config.train.optimizer),
    clipping: undefined,
    classWeights: undefined,
    classes: classLabels(set.targets)?.length,
    seed: config.seed,
  };
}
