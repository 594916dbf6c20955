import type { Engine, TrainingProgram } from "../../../../src/engine/engine";
import { createGraphEngine } from "../../../../src/engine/graph/graph-engine";
import { namedWeights, recorded, recordTrainingStep } from "../../../../src/engine/graph/record-step";
import { splitTableGradients } from "../../../../src/engine/graph/split-table-gradients";
import { buildModel } from "../../../../src/model/build-model";
import { layerSchema } from "../../../../src/model/layer-config";
import { bindOptimizer, optimizerSchema } from "../../../../src/optimization/optimizer-config";
import { currentNativeBackend } from "../../../../src/runtime/load-native";
import type { NativeBackend } from "../../../../src/runtime/native-backend";
import { batchFor, programOf } from "../../../helpers/follow-engine";
import { describeOwnOps } from "../../../helpers/runtime";

type Layer = Readonly<Record<string, unknown>>;

const table = { type: "embedding", inputDim: 50, outputDim: 5 };
const dense = { type: "dense", units: 3 };
/** Ids are 0 to 6, each many times, so that 43 of the table's 50 rows have no gradient. */
const reader: readonly Layer[] = [
  table,
  { type: "batchNormalization" },
  { type: "lstm", units: 4 },
  { ...dense, kernelRegularizer: { type: "l2", l2: 0.01 } },
  { ...dense, kernelConstraint: { type: "maxNorm", maxValue: 1 } },
];

function makeProgram(layers: readonly Layer[], optimizer: unknown, parts: Partial<TrainingProgram> = {}) {
  const model = buildModel({
    layers: layers.map((layer) => layerSchema.parse(layer)),
    input: { shape: [9], dtype: "int32" },
    seed: 2,
  });
  return programOf(model, {
    inputDtype: "int32",
    optimizer: bindOptimizer(optimizerSchema.parse(optimizer)),
    ...parts,
  });
}

/** The same program without our own Adam. */
function withoutOwn(program: TrainingProgram): TrainingProgram {
  return { ...program, optimizer: { ...program.optimizer, adam: undefined } };
}

/** Weights and slots after each of these numbers of steps, of 6 and 4 examples in turn. */
function trained(program: TrainingProgram, ...lengths: number[]): Record<string, Float32Array>[] {
  const engine = createGraphEngine(program);
  try {
    let step = 0;
    return lengths.map((length) => {
      for (; step < length; step++) {
        engine.trainStep(batchFor(program, step, step % 2 === 0 ? 6 : 4), { step, learningRate: 0.01 });
      }
      return valuesOf(engine, program);
    });
  } finally {
    engine.dispose();
  }
}

function valuesOf(engine: Engine, { model }: TrainingProgram): Record<string, Float32Array> {
  engine.syncModel();
  const slots = Object.entries(engine.readSlots()).map(([key, { data }]) => [key, data]);
  return Object.fromEntries([
    ...namedWeights(model).map(({ name, weight }) => [name, weight.read().dataSync().slice()]),
    ...slots,
  ]) as Record<string, Float32Array>;
}

/** The largest difference relative to the largest number of each tensor. */
function distance(actual: Record<string, Float32Array>, expected: Record<string, Float32Array>): number {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  const distances = Object.entries(expected).map(([name, values]) => {
    const size = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-12);
    const other = actual[name] as Float32Array;
    return Math.max(...Array.from(values, (value, index) => Math.abs((other[index] as number) - value) / size));
  });
  return Math.max(...distances);
}

function resultsOf(program: TrainingProgram): string[] {
  const weights = namedWeights(program.model);
  const recording = recordTrainingStep(currentNativeBackend() as NativeBackend, program, weights, 3);
  return Object.keys(splitTableGradients(recording, weights).results);
}

describeOwnOps("our own Adam", () => {
  test.each<[string, unknown, Partial<TrainingProgram>]>([
    ["adam", "adam", {}],
    ["adam, other decays", { type: "adam", beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }, {}],
    ["adam, clipped", "adam", { clipping: { globalNorm: 0.1 } }],
    ["adamw", { type: "adamw", weightDecay: 0.1 }, {}],
    ["adamw of matrices", { type: "adamw", weightDecay: 0.1, decayBiasAndNorm: false }, {}],
  ])("%s: weights and slots as by TensorFlow's operations", (_, optimizer, parts) => {
    const make = () => makeProgram(reader, optimizer, parts);
    const [few = {}, many = {}] = trained(make(), 4, 20);
    const [expectedFew = {}, expectedMany = {}] = trained(withoutOwn(make()), 4, 20);
    expect(distance(few, expectedFew)).toBeLessThan(1e-6);
    // Later steps pass on the rounding of earlier ones.
    expect(distance(many, expectedMany)).toBeLessThan(5e-6);
    expect(distance(many, few)).toBeGreaterThan(0.1);
  });

  test("amsgrad is left to TensorFlow", () => {
    expect(makeProgram(reader, { type: "adam", amsgrad: true }).optimizer.adam).toBeUndefined();
    expect(makeProgram(reader, { type: "adamw", amsgrad: true }).optimizer.adam).toBeUndefined();
  });

  test("what was read before a step does not change with it", () => {
    const program = makeProgram(reader, "adam");
    const engine = createGraphEngine(program);
    const train = (step: number) => engine.trainStep(batchFor(program, step, 6), { step, learningRate: 0.01 });
    train(0);
    const before = valuesOf(engine, program);
    const kept = Object.fromEntries(Object.entries(before).map(([name, values]) => [name, values.slice()]));
    train(1);
    expect(before).toEqual(kept);
    expect(distance(valuesOf(engine, program), kept)).toBeGreaterThan(1e-3);
    engine.dispose();
  });

  test("a table's gradient is given as rows, unless it is more than their sum", () => {
    const program = makeProgram([table, { type: "flatten" }, dense], "adam");
    const [embedding = ""] = namedWeights(program.model).map(({ name }) => name);
    const [rows, ids, whole] = [
      recorded.gradientRows(embedding),
      recorded.gradientIds(embedding),
      recorded.gradient(embedding),
    ];
    expect(resultsOf(program)).toEqual(expect.arrayContaining([rows, ids]));
    expect(resultsOf(program)).not.toContain(whole);
    const regularized = [{ ...table, embeddingsRegularizer: { type: "l2", l2: 0.01 } }, { type: "flatten" }, dense];
    for (const other of [
      makeProgram(regularized, "adam"),
      makeProgram([table, { type: "flatten" }, dense], "adam", { clipping: { norm: 0.1 } }),
    ]) {
      expect(resultsOf(other)).toContain(whole);
      expect(resultsOf(other)).not.toContain(rows);
    }
  });
});
