import { costLayers } from "../model/costs/cost-layers";
import { addWork } from "../model/costs/operation";
import type { ModelDescription } from "../model/describe-model";
import type { Machine } from "./machine";
import { movedBytes } from "./machine";
import {
  bytesPerNumber,
  type PredictionMemory,
  predictionMemory,
  type TrainingMemory,
  trainingMemory,
  trainingMemoryByBatch,
} from "./memory";
import { neededPasses, type StepLayer } from "./needed-passes";
import { type ParallelFigures, parallelFigures } from "./parallel";
import { memoryRequest, type PlanRequest } from "./plan-request";
import { type ProgramMemory, programMemory } from "./program-memory";
import { findSavings, type Saving, type Variant } from "./savings";
import { stepTime } from "./step-time";

export interface LayerFigures {
  readonly name: string;
  readonly type: string;
  readonly outputShape: ModelDescription["layers"][number]["outputShape"];
  readonly parameters: number;
  /** Why the layer is not counted; its figures are then null. */
  readonly obstacle: string | null;
  /** Per example. */
  readonly multiplyAdds: number | null;
  readonly forwardFlops: number | null;
  readonly backwardFlops: number | null;
  /** In a training step at the batch size. */
  readonly movedBytes: number | null;
  /** Operations per byte in a training step. */
  readonly intensity: number | null;
}

/** What a layer is on a device. */
export interface LayerOnDevice {
  /** What holds it up: null for a layer that computes nothing or is not counted. */
  readonly bound: "compute" | "memory" | null;
  /** In a training step. */
  readonly seconds: number;
}

export interface ModelFigures {
  readonly layers: readonly LayerFigures[];
  readonly parameters: number;
  readonly trainableParameters: number;
  /** With the output layer's kernel taken from the embedding of the same size; null where nothing could be shared. */
  readonly tiedParameters: number | null;
  /** Per example; of layers that are counted. */
  readonly multiplyAdds: number;
  readonly forwardFlops: number;
  readonly backwardFlops: number;
  readonly uncounted: readonly string[];
  readonly training: TrainingMemory;
  readonly prediction: { readonly one: PredictionMemory; readonly batch: PredictionMemory };
  readonly program: ProgramMemory;
}

export interface DeviceFigures {
  readonly name: string;
  readonly source: string;
  readonly precision: Machine["precision"];
  readonly memoryBytes: number;
  readonly flopsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Operations per byte from which on a layer is bound by computing. */
  readonly ridge: number;
  /** Bytes that training takes of the device's memory, the program's own included where it lies there. */
  readonly trainingBytes: number;
  readonly fits: boolean;
  /** The most examples in a batch; 0 where not even one fits. */
  readonly largestBatch: number;
  /** Devices whose memory together holds training at the batch size: 1 where it fits; null where the device's memory is not known. */
  readonly devicesToHold: number | null;
  readonly layers: readonly LayerOnDevice[];
  readonly stepSeconds: number;
  readonly updateSeconds: number;
  readonly predictSeconds: number;
  readonly examplesPerSecond: number;
  /** Training and validation; null where the number of examples is not known. */
  readonly epochSeconds: number | null;
  readonly totalSeconds: number | null;
  readonly parallel: readonly ParallelFigures[];
  readonly savings: readonly Saving[];
}

/** Some of the memory is the system's and the allocator's. */
const usableShare = 0.9;

/** What a model needs, whatever it runs on. */
export function modelFigures(request: PlanRequest): ModelFigures & { readonly steps: readonly StepLayer[] } {
  const { layers, description, batchSize } = request;
  const steps = neededPasses(costLayers(layers, description.layers));
  const figures = steps.map((layer) => layerFigures(layer, batchSize));
  const of = memoryRequest(request, steps);
  return {
    steps,
    layers: figures,
    parameters: description.parameters,
    trainableParameters: description.trainableParameters,
    tiedParameters: tiedParameters(description),
    multiplyAdds: sum(figures.map(({ multiplyAdds }) => multiplyAdds ?? 0)),
    forwardFlops: sum(figures.map(({ forwardFlops }) => forwardFlops ?? 0)),
    backwardFlops: sum(figures.map(({ backwardFlops }) => backwardFlops ?? 0)),
    uncounted: steps.flatMap(({ name, obstacle }) => (obstacle === undefined ? [] : [`${name}: ${obstacle}`])),
    training: trainingMemory(of, batchSize),
    prediction: { one: predictionMemory(of, 1), batch: predictionMemory(of, batchSize) },
    program: programMemory(request),
  };
}

/** What it takes on one device. */
export function deviceFigures(
  { request, layers: steps }: Variant,
  smallerImages: Variant | undefined,
  machine: Machine,
): DeviceFigures {
  const { batchSize, examples, epochs, slotCount, description } = request;
  const { trainableParameters } = description;
  const { variables, input } = request;
  const time = stepTime(machine, { layers: steps, trainableParameters, variables, slotCount, input }, batchSize);
  const ridge = machine.flopsPerSecond / machine.bytesPerSecond;
  const byBatch = trainingMemoryByBatch(memoryRequest(request, steps));
  const program = machine.programBytes > 0 ? machine.programBytes + programMemory(request).total : 0;
  const trainingBytes = program + byBatch.fixed + batchSize * byBatch.perExample;
  const room = usableShare * machine.memoryBytes - program - byBatch.fixed;
  const batches = examples && Math.ceil(examples.train / batchSize);
  const epochSeconds = examples
    ? (examples.train / batchSize) * time.train + (examples.validation / batchSize) * time.predict
    : null;
  return {
    name: machine.name,
    source: machine.source,
    precision: machine.precision,
    memoryBytes: machine.memoryBytes,
    flopsPerSecond: machine.flopsPerSecond,
    bytesPerSecond: machine.bytesPerSecond,
    ridge,
    trainingBytes,
    fits: trainingBytes <= usableShare * machine.memoryBytes,
    devicesToHold: machine.memoryBytes > 0 ? Math.ceil(trainingBytes / (usableShare * machine.memoryBytes)) : null,
    largestBatch: Math.max(0, Math.floor(room / byBatch.perExample)),
    layers: steps.map((layer, index) => ({
      bound: boundOf(layer, batchSize, ridge),
      seconds: time.layers[index] ?? 0,
    })),
    stepSeconds: time.train,
    updateSeconds: time.update,
    predictSeconds: time.predict,
    examplesPerSecond: batchSize / time.train,
    epochSeconds,
    totalSeconds: epochSeconds === null ? null : epochs * epochSeconds,
    parallel: parallelFigures({
      stepSeconds: time.train,
      gradientBytes: bytesPerNumber * trainableParameters,
      batches,
    }),
    savings: findSavings({ request, layers: steps }, smallerImages, machine),
  };
}

function layerFigures(layer: StepLayer, batch: number): LayerFigures {
  const { name, type, outputShape, parameters, obstacle } = layer;
  const shown = { name, type, outputShape, parameters };
  if (obstacle !== undefined) {
    const nothing = { multiplyAdds: null, forwardFlops: null, backwardFlops: null, movedBytes: null, intensity: null };
    return { ...shown, obstacle, ...nothing };
  }
  const forward = addWork(layer.steps.map((step) => step.forward));
  const backward = addWork(layer.steps.map((step) => step.backward));
  const bytes = movedBytes(forward, batch) + movedBytes(backward, batch);
  return {
    ...shown,
    obstacle: null,
    multiplyAdds: sum(layer.steps.map(({ operation }) => operation.multiplyAdds)),
    forwardFlops: forward.flops,
    backwardFlops: backward.flops,
    movedBytes: bytes,
    intensity: bytes > 0 ? (batch * (forward.flops + backward.flops)) / bytes : null,
  };
}

function boundOf(layer: StepLayer, batch: number, ridge: number): LayerOnDevice["bound"] {
  const { intensity } = layerFigures(layer, batch);
  if (intensity === null) return null;
  return intensity >= ridge ? "compute" : "memory";
}

/**
 * What the model has where the output layer takes its kernel from the embedding, as published counts of language models have it. dlctl trains both; a
 * last dense layer without bias that is as large as an embedding could be shared.
 */
function tiedParameters({ layers, parameters }: ModelDescription): number | null {
  const last = layers.findLast(({ type }) => type === "dense");
  const shared = layers.find(({ type, parameters }) => type === "embedding" && parameters === last?.parameters);
  return shared ? parameters - shared.parameters : null;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
