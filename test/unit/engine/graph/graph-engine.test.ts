import type { Engine, TrainingProgram } from "../../../../src/engine/engine";
import { createGraphEngine } from "../../../../src/engine/graph/graph-engine";
import { NotRecordableError } from "../../../../src/engine/graph/record";
import { buildModel } from "../../../../src/model/build-model";
import { layerSchema } from "../../../../src/model/layer-config";
import { bindOptimizer, optimizerSchema } from "../../../../src/optimization/optimizer-config";
import { tf } from "../../../../src/runtime/tf";
import { ConfigError, ModelFolderError } from "../../../../src/shared/errors";
import { batchFor, programOf } from "../../../helpers/follow-engine";
import { describeNative } from "../../../helpers/runtime";

type Layer = Readonly<Record<string, unknown>>;

const layers: readonly Layer[] = [
  { type: "dense", units: 6, activation: "relu" },
  { type: "batchNormalization" },
  { type: "dropout", rate: 0.3 },
  { type: "dense", units: 2 },
];

function makeProgram(stack: readonly Layer[] = layers, shape: readonly (number | null)[] = [4]): TrainingProgram {
  const model = buildModel({
    layers: stack.map((layer) => layerSchema.parse(layer)),
    input: { shape, dtype: "float32" },
    seed: 2,
  });
  return programOf(model, { optimizer: bindOptimizer(optimizerSchema.parse("adam")) });
}

function trainSteps(engine: Engine, program: TrainingProgram, from: number, to: number): void {
  for (let step = from; step < to; step++) engine.trainStep(batchFor(program, step, 8), { step, learningRate: 0.01 });
}

function weightsOf(program: TrainingProgram): number[][] {
  return program.model.weights.map((weight) => Array.from(weight.read().dataSync()));
}

describeNative("the graph engine", () => {
  test("recording a step changes no weight", () => {
    const program = makeProgram();
    const before = weightsOf(program);
    const engine = createGraphEngine(program);
    expect(weightsOf(program)).toEqual(before);
    engine.syncModel();
    expect(weightsOf(program)).toEqual(before);
    engine.dispose();
  });

  test("another engine that takes over weights and slots goes on to the same bytes", () => {
    const [whole, first, second] = [makeProgram(), makeProgram(), makeProgram()];
    const engines = [whole, first, second].map(createGraphEngine) as [Engine, Engine, Engine];
    trainSteps(engines[0], whole, 0, 9);
    trainSteps(engines[1], first, 0, 4);
    engines[1].syncModel();
    second.model.weights.forEach((weight, index) => {
      const value = first.model.weights[index]?.read() as tf.Tensor;
      (weight.read() as tf.Variable).assign(value);
    });
    engines[2].adoptModelWeights();
    engines[2].restoreSlots(engines[1].readSlots());
    trainSteps(engines[2], second, 4, 9);
    for (const engine of [engines[0], engines[2]]) engine.syncModel();
    expect(weightsOf(second)).toEqual(weightsOf(whole));
    expect(engines[2].readSlots()).toEqual(engines[0].readSlots());
    for (const engine of engines) engine.dispose();
  });

  test("slots of another model are refused", () => {
    const engine = createGraphEngine(makeProgram());
    expect(() => engine.restoreSlots({})).toThrow(ModelFolderError);
    engine.dispose();
  });

  test("steps leave no tensor behind, and neither does an engine that is closed", () => {
    const program = makeProgram();
    const before = tf.memory().numTensors;
    const engine = createGraphEngine(program);
    trainSteps(engine, program, 0, 20);
    engine.evaluateStep(batchFor(program, 0, 3));
    engine.syncModel();
    engine.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("inputs that differ in length are refused, with the reason", () => {
    const program = makeProgram(
      [{ type: "conv1d", filters: 2, kernelSize: 2 }, { type: "globalMaxPooling1d" }],
      [null, 3],
    );
    const create = () => createGraphEngine(program);
    expect(create).toThrow(NotRecordableError);
    expect(create).toThrow("differ in length");
  });

  test("a model with nothing to train is refused as by the eager engine", () => {
    expect(() => createGraphEngine(makeProgram([{ type: "softmax" }]))).toThrow(ConfigError);
  });
});
