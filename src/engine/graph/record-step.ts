import { setRandomStep } from "../../model/random-step";
import type { AdamUpdate } from "../../optimization/optimizers/native-update";
import type { NativeBackend } from "../../runtime/native-backend";
import { nativeBackend } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { targetForm } from "../encode-targets";
import type { TrainingProgram } from "../engine";
import { type DeviceBatch, differentiateStep, evaluateStep } from "../training-step";
import { type ModelWeight, weightNames } from "../weight-names";
import { NotRecordableError, record } from "./record";
import type { Recording } from "./recording";

/** A weight of the model, by the name it has in graphs. */
export interface NamedWeight {
  readonly name: string;
  readonly weight: ModelWeight;
  readonly shape: readonly number[];
  readonly isTrainable: boolean;
}

/** All weights of a model, each once, in the model's order. */
export function namedWeights(model: tf.LayersModel): NamedWeight[] {
  const trainable = new Set(model.trainableWeights);
  const names = weightNames(model.weights);
  return model.weights.map((weight, index) => {
    const shape = weight.read().shape;
    return { name: names[index] as string, weight, shape, isTrainable: trainable.has(weight) };
  });
}

/** Names of a recording's inputs and results. */
export const recorded = {
  inputs: "inputs",
  targets: "targets",
  step: "step",
  statistics: "statistics",
  weight: (name: string) => `weight/${name}`,
  slot: (name: string, slot: string) => `slot/${name}/${slot}`,
  lossScale: "lossScale",
  isFinite: "isFinite",
  scalar: (name: string) => `scalar/${name}`,
  gradient: (name: string) => `gradient/${name}`,
  gradientRows: (name: string) => `rows/${name}`,
  gradientIds: (name: string) => `ids/${name}`,
} as const;

/**
 * Records a training step of `size` examples. Results: the statistics; in float16 whether the gradients are finite; a gradient for each trainable weight that the
 * optimizer updates by an op of its own; otherwise the new weight and its new slots; the new statistics of batch
 * normalization. The model's weights are as before afterwards.
 */
export function recordTrainingStep(
  backend: NativeBackend,
  program: TrainingProgram,
  weights: readonly NamedWeight[],
  size: number,
): Recording {
  const trainable = weights.filter(({ isTrainable }) => isTrainable);
  const scalarNames = Object.keys(program.optimizer.scalars({ learningRate: 1, step: 1 }));
  return withSample(program, size, (batch) => {
    const step = tf.scalar(0, "int32");
    const lossScale = scalesLoss(program) ? tf.scalar(1) : undefined;
    const scalars = Object.fromEntries(scalarNames.map((name) => [name, tf.scalar(0.001)]));
    const slots = new Map(trainable.map(({ name, shape }) => [name, firstSlots(program, shape)]));
    const inputs = {
      ...stepInputs(batch, weights),
      [recorded.step]: step as tf.Tensor,
      ...(lossScale && { [recorded.lossScale]: lossScale }),
      ...Object.fromEntries(Object.entries(scalars).map(([name, scalar]) => [recorded.scalar(name), scalar])),
      ...Object.fromEntries(
        [...slots].flatMap(([name, own]) =>
          Object.entries(own).map(([slot, tensor]) => [recorded.slot(name, slot), tensor]),
        ),
      ),
    };
    setRandomStep(step);
    try {
      return keepingWeights(weights, () =>
        record(backend, inputs, () => {
          const variables = trainable.map(({ weight }) => weight.read() as tf.Variable);
          const before = new Map(weights.map(({ name, weight }) => [name, weight.read().dataId]));
          const { gradients, statistics, isFinite: finite } = differentiateStep(program, batch, variables, lossScale);
          const results: Record<string, tf.Tensor> = { [recorded.statistics]: statistics };
          if (finite) results[recorded.isFinite] = finite;
          for (const { name, weight, isTrainable } of weights) {
            const isMoved = !isTrainable && weight.read().dataId !== before.get(name);
            if (isMoved) results[recorded.weight(name)] = weight.read().clone();
          }
          trainable.forEach((weight, index) => {
            Object.assign(results, updateOf(program, weight, gradients[index] as tf.Tensor, slots, scalars));
          });
          return results;
        }),
      );
    } finally {
      setRandomStep(0);
    }
  });
}

/** Records the evaluation of `size` examples. Result: the statistics. */
export function recordEvaluation(
  backend: NativeBackend,
  program: TrainingProgram,
  weights: readonly NamedWeight[],
  size: number,
): Recording {
  return withSample(program, size, (batch) =>
    record(backend, stepInputs(batch, weights), () => ({ [recorded.statistics]: evaluateStep(program, batch) })),
  );
}

function stepInputs(batch: DeviceBatch, weights: readonly NamedWeight[]): Record<string, tf.Tensor> {
  return {
    [recorded.inputs]: batch.inputs,
    [recorded.targets]: batch.targets,
    ...Object.fromEntries(weights.map(({ name, weight }) => [recorded.weight(name), weight.read()])),
  };
}

/** Whether gradients may leave the range that they are computed in: float16 has 5 bits of exponent, bfloat16 float32's 8. */
export const scalesLoss = ({ precision }: TrainingProgram): boolean => precision === "float16";

/** Whether the weight is updated by an op that is given its gradient; a constraint comes after the update, so it needs the value. */
export function isNativelyUpdated(program: TrainingProgram, { weight, isTrainable }: NamedWeight): boolean {
  const hasOp = program.optimizer.native !== undefined || ownAdamOf(program) !== undefined;
  return isTrainable && hasOp && !(weight as { constraint?: unknown }).constraint;
}

/** The optimizer's update by our own Adam, where our own operations are loaded. */
export function ownAdamOf({ optimizer }: TrainingProgram): AdamUpdate | undefined {
  return nativeBackend()?.hasOwnOps ? optimizer.adam : undefined;
}

function updateOf(
  program: TrainingProgram,
  named: NamedWeight,
  gradient: tf.Tensor,
  slots: ReadonlyMap<string, Readonly<Record<string, tf.Tensor>>>,
  scalars: Readonly<Record<string, tf.Scalar>>,
): Record<string, tf.Tensor> {
  const { name, weight, shape } = named;
  if (isNativelyUpdated(program, named)) return { [recorded.gradient(name)]: gradient };
  const value = weight.read();
  const variable = { value, gradient, isDecayed: shape.length > 1 };
  const updated = program.optimizer.update(variable, slots.get(name) ?? {}, scalars);
  weight.write(updated.value);
  return {
    [recorded.weight(name)]: weight.read().clone(),
    ...Object.fromEntries(Object.entries(updated.slots).map(([slot, tensor]) => [recorded.slot(name, slot), tensor])),
  };
}

function firstSlots({ optimizer }: TrainingProgram, shape: readonly number[]): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(optimizer.slots).map(([slot, first]) => [slot, tf.fill([...shape], first)]));
}

/** Runs `compute` with a batch that has the form of the program's; its values don't matter, but they are not all alike. */
function withSample(program: TrainingProgram, size: number, compute: (batch: DeviceBatch) => Recording): Recording {
  const [, ...inner] = program.model.inputs[0]?.shape ?? [];
  const { shape, dtype } = targetForm(program);
  if (inner.includes(null) || shape.some((length) => length === null)) {
    throw new NotRecordableError("its inputs differ in length");
  }
  const batch = {
    inputs: sampleInputs(program, [size, ...(inner as number[])]),
    targets: dtype === "float32" ? tf.randomUniform([size, ...shape]) : tf.zeros([size, ...shape], "int32"),
  };
  const made: tf.Tensor[] = [];
  try {
    tf.engine().startScope();
    return compute(batch);
  } finally {
    tf.engine().endScope(made);
    tf.dispose([batch.inputs, batch.targets]);
  }
}

function sampleInputs({ inputDtype }: TrainingProgram, shape: number[]): tf.Tensor {
  if (inputDtype === "int32") return tf.zeros(shape, "int32");
  return tf.randomUniform(shape, 0, inputDtype === "uint8" ? 255 : 1, "float32", 1);
}

/** Recording runs the step for real: what it wrote to the weights is taken back. */
function keepingWeights(weights: readonly NamedWeight[], compute: () => Recording): Recording {
  const saved = weights.map(({ weight }) => weight.read().clone());
  try {
    return compute();
  } finally {
    weights.forEach(({ weight }, index) => {
      (weight.read() as tf.Variable).assign(saved[index] as tf.Tensor);
    });
    tf.dispose(saved);
  }
}
