import type { HostBatch } from "../../src/data/batches/host-batch";
import { createEagerEngine } from "../../src/engine/eager-engine";
import { targetForm } from "../../src/engine/encode-targets";
import type { Engine, StepStatistics, TrainingProgram } from "../../src/engine/engine";
import { createGraphEngine } from "../../src/engine/graph/graph-engine";
import { bindLoss, lossSchema } from "../../src/objectives/loss-config";
import { bindOptimizer, optimizerSchema } from "../../src/optimization/optimizer-config";
import type { tf } from "../../src/runtime/tf";

/** A training program on `model` with plain parts; what a test is about replaces them. */
export function programOf(model: tf.LayersModel, parts: Partial<TrainingProgram> = {}): TrainingProgram {
  return {
    model,
    inputDtype: "float32",
    deviceStage: (inputs) => inputs,
    augmentation: undefined,
    loss: bindLoss(lossSchema.parse("meanSquaredError"), "values"),
    metrics: [],
    optimizer: bindOptimizer(optimizerSchema.parse({ type: "sgd", learningRate: 0.01 })),
    clipping: undefined,
    classWeights: undefined,
    classes: undefined,
    seed: 4,
    ...parts,
  };
}

/** A batch of numbers without pattern that fits the program; another one for each `step`. */
export function batchFor(program: TrainingProgram, step: number, count: number): HostBatch {
  const { model, inputDtype, classes } = program;
  const shape = [count, ...((model.inputs[0]?.shape.slice(1) ?? []) as number[])];
  const length = shape.reduce((product, size) => product * size, 1);
  const wave = (index: number) => Math.sin(index * index * 0.37 + index + step * 1.3);
  const bytes = Uint8Array.from({ length }, (_, index) => 127.5 + 127 * wave(index));
  const numbers = () => Float32Array.from({ length }, (_, index) => 1.5 * wave(index));
  // Token ids, of a vocabulary of at least 7.
  const ids = () => Int32Array.from({ length }, (_, index) => (index * index + step) % 7);
  const data = inputDtype === "uint8" ? bytes : inputDtype === "int32" ? ids() : numbers();
  const width = (model.outputs[0]?.shape.at(-1) as number) ?? 1;
  const values = Float32Array.from({ length: count * width }, (_, index) => 0.5 + 0.4 * wave(3 * index + 1));
  return {
    inputs: { data, shape },
    targets:
      classes === undefined ? { data: values, shape: [count, width] } : classTargets(program, step, count, classes),
    examples: Int32Array.from({ length: count }, (_, index) => index),
    count,
  };
}

/** Classes; of sequences every fourth step, and all of the second sequence, has none. */
function classTargets(program: TrainingProgram, step: number, count: number, classes: number): HostBatch["targets"] {
  const { shape } = targetForm(program);
  const [steps] = shape;
  const length = count * (steps ?? 1);
  const isMissing = (index: number) => steps !== undefined && (index % 4 === 3 || Math.floor(index / steps) === 1);
  return {
    data: Int32Array.from({ length }, (_, index) => (isMissing(index) ? -1 : (index + step) % classes)),
    shape: [count, ...shape],
  };
}

/** How far the compiled run was from the eager one. */
export interface Divergence {
  /** Largest difference of a step's loss per example, relative to its size or 1. */
  readonly loss: number;
  /** Largest difference of a statistic of a metric. */
  readonly metrics: number;
  /** Largest difference of a weight after the last step, relative to the largest weight of its tensor or 1. */
  readonly weights: number;
  /** The same of the optimizer's slots. */
  readonly slots: number;
}

/**
 * Runs the same steps, of 6 and then of 4 examples in turn, through both engines, each with a program of its own, and compares
 * them at every step and at the end.
 */
export function followEager(makeProgram: () => TrainingProgram, steps = 20, learningRate = 0.01): Divergence {
  const programs = [makeProgram(), makeProgram()] as const;
  const eager = createEagerEngine(programs[0]);
  const graph = createGraphEngine(programs[1]);
  let [loss, metrics] = [0, 0];
  const compare = (expected: StepStatistics, actual: StepStatistics) => {
    loss = Math.max(loss, relative(actual.lossSum / actual.count, expected.lossSum / expected.count));
    loss = Math.max(loss, relative(actual.penalty, expected.penalty), relative(actual.weight, expected.weight));
    expected.metrics.forEach((vector, index) => {
      metrics = Math.max(metrics, difference(actual.metrics[index] as Float64Array, vector));
    });
  };
  try {
    for (let step = 0; step < steps; step++) {
      const batch = batchFor(programs[0], step, step % 2 === 0 ? 6 : 4);
      const position = { step, learningRate };
      compare(eager.trainStep(batch, position), graph.trainStep(batch, position));
    }
    const batch = batchFor(programs[0], steps, 5);
    compare(eager.evaluateStep(batch), graph.evaluateStep(batch));
    return { loss, metrics, weights: weightDifference(eager, graph, programs), slots: slotDifference(eager, graph) };
  } finally {
    for (const engine of [eager, graph]) engine.dispose();
    for (const { model } of programs) model.dispose();
  }
}

function weightDifference(eager: Engine, graph: Engine, programs: readonly [TrainingProgram, TrainingProgram]): number {
  eager.syncModel();
  graph.syncModel();
  const [expected, actual] = programs.map(({ model }) => model.weights.map((weight) => weight.read().dataSync()));
  return Math.max(0, ...(expected ?? []).map((values, index) => difference(actual?.[index] ?? [], values)));
}

function slotDifference(eager: Engine, graph: Engine): number {
  const expected = eager.readSlots();
  const actual = graph.readSlots();
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  return Math.max(0, ...Object.entries(expected).map(([key, { data }]) => difference(actual[key]?.data ?? [], data)));
}

const relative = (actual: number, expected: number) =>
  Object.is(actual, expected) ? 0 : Math.abs(actual - expected) / Math.max(1, Math.abs(expected));

/** The largest difference of two vectors, relative to the largest number in `expected` or 1. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  const size = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  return Array.from(expected).reduce((worst, value, index) => {
    const distance = Object.is(actual[index], value) ? 0 : Math.abs((actual[index] as number) - value) / size;
    return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(worst, distance);
  }, 0);
}
