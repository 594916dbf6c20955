import type { ModelFolder } from "../checkpoint/model-folder";
import { evaluationBatches } from "../data/batches/evaluation-batches";
import { restorePreprocessing } from "../data/preprocess/preprocessing";
import type { TrainingProgram } from "../engine/engine";
import { bindOptimizer } from "../optimization/optimizer-config";
import type { tf } from "../runtime/tf";
import { EpochSums } from "../train/epoch-sums";
import { createObjective } from "../train/objective";
import { ClassCollector } from "./collect-classes";
import { ValueCollector } from "./collect-values";
import { evaluateBatch } from "./evaluate-batch";
import type { ClassDetails, Evaluation } from "./evaluation";
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
 */
export async function evaluate({ folder, data, batchSize, signal, onProgress }: EvaluateRequest): Promise<Evaluation> {
  const model = await folder.loadModel();
  try {
    const program = programFor(model, folder, data);
    const { set, examples } = data;
    const { targets } = set;
    const preprocessing = restorePreprocessing(folder.description.preprocessing);
    const inputs = preprocessing.encode(set.inputs, { origin: (index) => set.origin(index), cache: "none" });
    const collector =
      targets.kind === "class"
        ? new ClassCollector(targets.labels, set, examples.length)
        : new ValueCollector(targets.names, examples.length);
    const sums = new EpochSums(program.metrics);
    try {
      for await (const batch of evaluationBatches({ inputs, targets, examples, batchSize, signal })) {
        const { statistics, outputs } = evaluateBatch(program, batch);
        sums.add(statistics);
        collector.add(batch.examples, batch.targets.data, outputs);
        onProgress?.(sums.examples);
      }
    } finally {
      await inputs.close();
    }
    return summarize(data, sums, collector.details());
  } finally {
    model.dispose();
  }
}

function summarize(
  { split, examples, warnings }: EvaluationData,
  sums: EpochSums,
  details: Evaluation["details"],
): Evaluation {
  const { loss = Number.NaN, ...metrics } = sums.figures();
  // What everybody asks for first, whatever the config measures.
  const basic = details.kind === "classes" ? { accuracy: accuracy(details) } : {};
  return { split, examples: examples.length, loss, metrics: { ...basic, ...metrics }, details, warnings };
}

function accuracy({ confusion, perClass }: ClassDetails): number {
  const hits = confusion.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
  return hits / perClass.reduce((sum, { support }) => sum + support, 0);
}

/** Nothing is trained: what only a training step asks for is left at rest. */
function programFor(model: tf.LayersModel, { description }: ModelFolder, data: EvaluationData): TrainingProgram {
  const { config, set } = data;
  const { loss, metrics } = createObjective(config, set.targets, model.outputs[0]?.shape ?? []);
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
    classes: description.labels?.length,
    seed: config.seed,
  };
}
