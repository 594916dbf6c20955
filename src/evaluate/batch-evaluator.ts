import type { HostBatch } from "../data/batches/host-batch";
import { applyModel } from "../engine/apply-model";
import { worthCompiling } from "../engine/create-predictor";
import { encodeTargets, targetForm } from "../engine/encode-targets";
import type { StepStatistics, TrainingProgram } from "../engine/engine";
import { type CompiledFunction, compileFunction } from "../engine/graph/compile-function";
import { NotRecordableError } from "../engine/graph/record";
import { namedWeights } from "../engine/graph/record-step";
import { joinStatistics, lossSums, penaltyOf, splitStatistics } from "../engine/step-tensors";
import { uploadTensor } from "../engine/upload-tensor";
import { categoricalCrossentropyOf } from "../objectives/losses/categorical-log-loss";
import { flattenSteps } from "../objectives/steps";
import { currentNativeBackend } from "../runtime/load-native";
import { tf } from "../runtime/tf";
import type { HostTensor } from "../shared/host-tensor";

interface EvaluatedBatch {
  /** As the engine's `evaluateStep` gives them in training. */
  readonly statistics: StepStatistics;
  /** What is wanted of the outputs, row-major: they themselves, `[count, ...]`, or of each step's target `[count, steps, 2]`. */
  readonly outputs: Float32Array;
}

/** Loss, metrics and outputs of batches, each in one forward pass. Leaves no tensor. */
export interface BatchEvaluator {
  evaluate(batch: HostBatch): EvaluatedBatch;
  /** Frees what was compiled; not the model. */
  dispose(): void;
}

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** For `examples` examples: compiled where that pays and can be done, else op by op, with the same figures up to rounding. */
export function createBatchEvaluator(
  program: TrainingProgram,
  { wanted, examples }: { readonly wanted: "outputs" | "targets"; readonly examples: number },
): BatchEvaluator {
  const compute = ({ inputs, targets }: Tensors) =>
    evaluationTensors(program, inputs as tf.Tensor, targets as tf.Tensor, wanted);
  const compiled = examples >= worthCompiling ? tryToCompile(program, compute) : undefined;
  return {
    evaluate: (batch) => {
      const fed = { inputs: batch.inputs, targets: batch.targets };
      const { statistics, outputs } = compiled ? compiled.run(fed) : runEagerly(fed, compute);
      return {
        statistics: splitStatistics(program, batch.count, (statistics as HostTensor).data),
        outputs: (outputs as HostTensor).data as Float32Array,
      };
    },
    dispose: () => compiled?.close(),
  };
}

function evaluationTensors(
  program: TrainingProgram,
  inputs: tf.Tensor,
  targets: tf.Tensor,
  wanted: "outputs" | "targets",
): Tensors {
  const outputs = applyModel(program.model, program.deviceStage(inputs), false);
  const sums = lossSums(program, encodeTargets(program, targets), outputs);
  const figures = { ...sums, penalty: penaltyOf(program.model), metricTargets: targets, outputs };
  const statistics = joinStatistics(program, figures);
  return { statistics, outputs: wanted === "outputs" ? outputs : targetFigures(targets, outputs) };
}

/** `-log p(target)` in nats, and 1 where the target is the likeliest class, for each step: `[count, steps, 2]`. */
function targetFigures(targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  const flat = flattenSteps(outputs);
  const indices = targets.maximum(tf.scalar(0, "int32")).reshape([-1]);
  const nats = categoricalCrossentropyOf(indices, flat);
  const hits = flat.argMax(-1).equal(indices.toInt()).toFloat();
  return tf.stack([nats, hits as tf.Tensor1D], 1).reshape([-1, targets.shape[1] ?? 1, 2]);
}

function runEagerly(
  fed: Record<string, HostTensor>,
  compute: (inputs: Tensors) => Tensors,
): Record<string, HostTensor> {
  const results = tf.tidy(() => {
    const inputs = Object.entries(fed).map(([name, host]) => [name, uploadTensor(host)] as const);
    return { ...compute(Object.fromEntries(inputs)) };
  });
  try {
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [
        name,
        { data: tensor.dataSync() as Float32Array, shape: tensor.shape },
      ]),
    );
  } finally {
    tf.dispose(results);
  }
}

function tryToCompile(program: TrainingProgram, compute: (inputs: Tensors) => Tensors): CompiledFunction | undefined {
  const backend = currentNativeBackend();
  if (!backend) return undefined;
  const { model, inputDtype } = program;
  const inputs = { dtype: inputDtype, shape: model.inputs[0]?.shape.slice(1) ?? [] };
  try {
    return compileFunction(backend, { inputs, targets: targetForm(program) }, namedWeights(model), compute);
  } catch (error) {
    if (error instanceof NotRecordableError) return undefined;
    throw error;
  }
}
