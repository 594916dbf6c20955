import { createEngine } from "../../../../src/engine/create-engine";
import type { TrainingProgram } from "../../../../src/engine/engine";
import { createGraphEngine } from "../../../../src/engine/graph/graph-engine";
import { buildModel } from "../../../../src/model/build-model";
import { layerSchema } from "../../../../src/model/layer-config";
import { bindLoss, lossSchema } from "../../../../src/objectives/loss-config";
import { bindOptimizer, optimizerSchema } from "../../../../src/optimization/optimizer-config";
import type { Precision } from "../../../../src/runtime/precision";
import { tf } from "../../../../src/runtime/tf";
import { batchFor, programOf } from "../../../helpers/follow-engine";
import { modelOf } from "../../../helpers/layer-model";
import { titledSamples } from "../../../helpers/layer-samples";
import { describeNative, describeOwnOps } from "../../../helpers/runtime";

const output = { type: "dense", units: 3, activation: "softmax" } as const;

const stacks = {
  "a CNN": {
    shape: [12, 12, 3],
    layers: [
      { type: "conv2d", filters: 8, kernelSize: 3, activation: "relu" },
      { type: "maxPooling2d", poolSize: 2 },
      { type: "conv2d", filters: 16, kernelSize: 3, padding: "same", useBias: false },
      { type: "batchNormalization" },
      { type: "activation", activation: "relu" },
      { type: "flatten" },
      { type: "dropout", rate: 0.2 },
      { type: "dense", units: 16, activation: "relu" },
      output,
    ],
  },
  "an LSTM": { shape: [10, 6], layers: [{ type: "lstm", units: 16 }, output] },
  "a GRU": { shape: [10, 6], layers: [{ type: "gru", units: 16 }, output] },
  "a Transformer": {
    shape: [8, 16],
    layers: [{ type: "encoderBlock", heads: 2, feedForward: 32 }, { type: "globalAveragePooling1d" }, output],
  },
};

const names = Object.keys(stacks) as (keyof typeof stacks)[];

function programFor(name: keyof typeof stacks, precision: Precision): TrainingProgram {
  const { shape, layers } = stacks[name];
  const model = buildModel({
    layers: layers.map((layer) => layerSchema.parse(layer)),
    input: { shape, dtype: "float32" },
    classes: 3,
    seed: 3,
  });
  return programOf(model, {
    precision,
    classes: 3,
    loss: bindLoss(lossSchema.parse("categoricalCrossentropy"), "oneHot"),
    optimizer: bindOptimizer(optimizerSchema.parse("adam")),
  });
}

/** The loss of each step, of 12 examples and of 8 in turn, at a scale that makes no step of float16 overflow. */
function lossesOf(program: TrainingProgram, steps: number): number[] {
  const engine = createGraphEngine(program);
  try {
    engine.restoreSlots({ ...engine.readSlots(), lossScale: { data: Float32Array.of(256, 0, 0), shape: [3] } });
    return Array.from({ length: steps }, (_, step) => {
      const batch = batchFor(program, step % 4, step % 2 === 0 ? 12 : 8);
      const { lossSum, count } = engine.trainStep(batch, { step, learningRate: 0.003 });
      return lossSum / count;
    });
  } finally {
    engine.dispose();
    program.model.dispose();
  }
}

function distances(losses: readonly number[], others: readonly number[]): number[] {
  return losses.map((loss, step) => Math.abs(loss - (others[step] as number)));
}

/** Of a loss of about 1, in any of twenty steps of Adam. Numbers are rounded to 11, 11 and 8 bits. */
const tolerances = { tf32: 0.005, float16: 0.02, bfloat16: 0.05 } as const;

function followsFloat32() {
  test.each(names)("%s stays with float32 for twenty steps", (name) => {
    const exact = lossesOf(programFor(name, "float32"), 20);
    for (const [precision, tolerance] of Object.entries(tolerances)) {
      const apart = distances(lossesOf(programFor(name, precision as Precision), 20), exact);
      expect(Math.max(...apart)).toBeLessThan(tolerance);
      // It is not float32 that was computed, either.
      if (precision !== "tf32") expect(apart[0]).toBeGreaterThan(0);
    }
  });
}

describeOwnOps("training in less than float32", followsFloat32);

describeNative("training in less than float32, by TensorFlow's operations", () => {
  const before = process.env.DLCTL_NATIVE_OPS;
  beforeAll(() => {
    process.env.DLCTL_NATIVE_OPS = "off";
  });
  afterAll(() => {
    if (before === undefined) delete process.env.DLCTL_NATIVE_OPS;
    else process.env.DLCTL_NATIVE_OPS = before;
  });

  followsFloat32();

  // One sample of each kind.
  const samples = new Map(titledSamples.map(([, sample]) => [sample.config.type, sample] as const));

  test.each([...samples])("layer %s", (_, sample) => {
    const inputDtype = sample.dtype ?? "float32";
    const make = (precision: Precision) => {
      const middle = modelOf(sample);
      const flat = tf.layers.flatten();
      const last = middle.outputs[0] as tf.SymbolicTensor;
      const joined = last.shape.length > 2 ? (flat.apply(last) as tf.SymbolicTensor) : last;
      const head = tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.glorotUniform({ seed: 6 }) });
      const outputs = head.apply(joined) as tf.SymbolicTensor;
      return programOf(tf.model({ inputs: middle.inputs, outputs }), { inputDtype, precision });
    };
    const exact = lossesOf(make("float32"), 2);
    const apart = distances(lossesOf(make("bfloat16"), 2), exact);
    expect(Math.max(...apart) / Math.max(1, ...exact)).toBeLessThan(tolerances.bfloat16);
  });

  test("is refused where steps run op by op", () => {
    const program = programFor("an LSTM", "bfloat16");
    expect(() => createEngine(program, "eager")).toThrow("bfloat16 needs compiled steps");
    const unable = { ...program, deviceStage: (inputs: tf.Tensor) => tf.tensor(inputs.arraySync()) };
    expect(() => createEngine(unable, "auto")).toThrow("reads a tensor's values");
    program.model.dispose();
  });
});
