import { sizeOf } from "../model/costs/operation";
import type { Shape } from "../shared/shape";
import type { StepLayer } from "./needed-passes";

/** Numbers are float32, but for activations and a copy of the weights in half precision. */
export const bytesPerNumber = 4;
const bytesPerHalf = 2;

/** Bytes on the device that a training step needs, and of the program around it. */
export interface TrainingMemory {
  readonly weights: number;
  readonly gradients: number;
  /** Of the optimizer. */
  readonly slots: number;
  /** What the forward pass leaves for the backward pass, at the batch size. */
  readonly activations: number;
  /** Gradients of activations, and what operations need while they run. */
  readonly workspace: number;
  readonly total: number;
}

export interface PredictionMemory {
  readonly weights: number;
  readonly activations: number;
  readonly total: number;
}

export interface MemoryRequest {
  readonly layers: readonly StepLayer[];
  /** Of one example. */
  readonly inputNumbers: number;
  readonly parameters: number;
  readonly trainableParameters: number;
  readonly slotCount: number;
  /** Whether training is in half precision; false by default. */
  readonly hasHalves?: boolean;
}

/** Bytes for a batch are `fixed + batch * perExample`. */
interface LinearBytes {
  readonly fixed: number;
  readonly perExample: number;
}

/** Numbers in a layer's output for one example; an open size counts as one. */
export const outputNumbers = (shape: Shape): number => sizeOf(shape.slice(1).map((size) => size ?? 1));

export function trainingMemory(of: MemoryRequest, batch: number): TrainingMemory {
  const weights = bytesPerNumber * of.parameters + (of.hasHalves ? bytesPerHalf * of.trainableParameters : 0);
  const gradients = bytesPerNumber * of.trainableParameters;
  const slots = of.slotCount * gradients;
  const numbers = trainingNumbers(of);
  const perNumber = of.hasHalves ? bytesPerHalf : bytesPerNumber;
  const activations = batch * perNumber * numbers.kept;
  const workspace = batch * perNumber * numbers.workspace;
  return {
    weights,
    gradients,
    slots,
    activations,
    workspace,
    total: weights + gradients + slots + activations + workspace,
  };
}

/** The same as a function of the batch size. */
export function trainingMemoryByBatch(of: MemoryRequest): LinearBytes {
  const fixed = trainingMemory(of, 0).total;
  return { fixed, perExample: trainingMemory(of, 1).total - fixed };
}

export function predictionMemory(of: MemoryRequest, batch: number): PredictionMemory {
  const weights = bytesPerNumber * of.parameters;
  const activations = batch * bytesPerNumber * liveNumbers(of);
  return { weights, activations, total: weights + activations };
}

interface TrainingNumbers {
  readonly kept: number;
  readonly workspace: number;
}

/**
 * The backward pass frees what the forward pass kept, from the last layer to the first, and has at each layer the gradients of what goes out of
 * it and into it. Numbers per example where that is the most: kept by then, and beside it.
 */
function trainingNumbers({ layers, inputNumbers }: MemoryRequest): TrainingNumbers {
  let kept = inputNumbers;
  let most: TrainingNumbers = { kept, workspace: 0 };
  let before = inputNumbers;
  for (const { steps, isReached, outputShape } of layers) {
    const output = outputNumbers(outputShape);
    if (isReached) {
      for (const { operation } of steps) {
        kept += operation.kept;
        const workspace = output + Math.max(before, operation.kept) + operation.transient;
        if (kept + workspace > most.kept + most.workspace) most = { kept, workspace };
      }
    }
    before = output;
  }
  return most;
}

/** The most that is there at once in a forward pass: each layer's outputs stay until the last layer that takes them. */
function liveNumbers({ layers, inputNumbers }: MemoryRequest): number {
  const lastUse = new Map<string, number>();
  layers.forEach((layer, index) => {
    for (const name of layer.inputs) lastUse.set(name, index);
  });
  let most = inputNumbers;
  layers.forEach((layer, index) => {
    const alive = layers.filter((other, place) => place < index && (lastUse.get(other.name) ?? -1) >= index);
    const inner = Math.max(0, ...layer.steps.map(({ operation }) => Math.max(operation.kept, operation.transient)));
    const own = Math.max(outputNumbers(layer.outputShape), inner);
    most = Math.max(most, own + sum(alive.map(({ outputShape }) => outputNumbers(outputShape))));
  });
  return most;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
