import { augmentationDefinitions } from "../../../../src/data/augment/augmentation-definitions";
import { augmentationSchema, bindAugmentations } from "../../../../src/data/augmentation-config";
import { buildModel } from "../../../../src/model/build-model";
import { layerSchema } from "../../../../src/model/layer-config";
import { bindLoss, lossSchema, takesSequences, targetEncoding } from "../../../../src/objectives/loss-config";
import { lossDefinitions } from "../../../../src/objectives/losses/loss-definitions";
import { createMetric, metricSchema } from "../../../../src/objectives/metric-config";
import { metricDefinitions } from "../../../../src/objectives/metrics/metric-definitions";
import { bindSequenceLoss } from "../../../../src/objectives/sequence-loss";
import { bindOptimizer, optimizerSchema } from "../../../../src/optimization/optimizer-config";
import { optimizerDefinitions } from "../../../../src/optimization/optimizers/optimizer-definitions";
import { tf } from "../../../../src/runtime/tf";
import { type Divergence, followEager, programOf } from "../../../helpers/follow-engine";
import { modelOf } from "../../../helpers/layer-model";
import { type LayerSample, titledSamples } from "../../../helpers/layer-samples";
import { describeNative } from "../../../helpers/runtime";

type Layers = readonly Readonly<Record<string, unknown>>[];

function stack(shape: readonly number[], layers: Layers): tf.LayersModel {
  return buildModel({
    layers: layers.map((layer) => layerSchema.parse(layer)),
    input: { shape, dtype: "float32" },
    seed: 2,
  });
}

/** The sample between two layers with weights, so that its gradients reach backward and its outputs matter. */
function sandwich(sample: LayerSample): tf.LayersModel {
  const middle = modelOf(sample);
  const shape = middle.inputs[0]?.shape.slice(1) as number[];
  const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });
  const dtype = sample.dtype ?? "float32";
  const input = tf.input({ shape, dtype });
  const before = tf.layers.dense({
    units: shape.at(-1) as number,
    activation: "tanh",
    kernelInitializer: initializer(5),
  });
  const after = tf.layers.dense({ units: 3, kernelInitializer: initializer(6) });
  // Whole numbers have no gradient.
  const output = middle.apply(dtype === "int32" ? input : before.apply(input)) as tf.SymbolicTensor;
  // tfjs's flatten refuses what is flat already.
  const flat = output.shape.length > 2 ? (tf.layers.flatten().apply(output) as tf.SymbolicTensor) : output;
  return tf.model({ inputs: input, outputs: after.apply(flat) as tf.SymbolicTensor });
}

/** Twenty steps may add up rounding to this, of values about 1. */
const tolerance = 2e-5;

function expectFollowed(divergence: Divergence): void {
  for (const [what, distance] of Object.entries(divergence)) {
    // With its name, for who reads a failure.
    expect([what, distance < tolerance ? "within tolerance" : distance]).toEqual([what, "within tolerance"]);
  }
}

const hidden = { type: "dense", units: 5, activation: "tanh" };

describeNative("compiled training follows eager training for 20 steps", () => {
  test.each(titledSamples)("layer %s", (_, sample) => {
    const inputDtype = sample.dtype ?? "float32";
    expectFollowed(followEager(() => programOf(sandwich(sample), { inputDtype })));
  });

  test.each(Object.keys(optimizerDefinitions))("optimizer %s", (type) => {
    const optimizer = bindOptimizer(optimizerSchema.parse(type));
    expectFollowed(followEager(() => programOf(stack([4], [hidden, { type: "dense", units: 3 }]), { optimizer })));
  });

  test.each([
    { type: "sgd", momentum: 0.9 },
    { type: "sgd", momentum: 0.8, nesterov: true },
    { type: "adam", amsgrad: true },
    { type: "adamw", weightDecay: 0.1, decayBiasAndNorm: false },
    { type: "rmsprop", momentum: 0.5, centered: true },
  ])("optimizer %j", (config) => {
    const optimizer = bindOptimizer(optimizerSchema.parse(config));
    expectFollowed(followEager(() => programOf(stack([4], [hidden, { type: "dense", units: 3 }]), { optimizer })));
  });

  const losses = Object.keys(lossDefinitions).flatMap((type) =>
    (["class", "values"] as const).flatMap((targets) => {
      const encoding = targetEncoding(lossSchema.parse(type), targets);
      return encoding === undefined ? [] : [[type, targets, encoding] as const];
    }),
  );

  test.each(losses)("loss %s of targets that are %s (%s)", (type, targets, encoding) => {
    const activation = targets === "class" ? "softmax" : "sigmoid";
    const program = () =>
      programOf(stack([4], [hidden, { type: "dense", units: 3, activation }]), {
        loss: bindLoss(lossSchema.parse(type), encoding),
        ...(targets === "class" ? { classes: 3, classWeights: [1, 2, 0.5] } : {}),
      });
    expectFollowed(followEager(program));
  });

  test.each(Object.entries(metricDefinitions))("metric %s", (type, { targets }) => {
    const ofClasses = targets === "class";
    const program = () =>
      programOf(stack([4], [hidden, { type: "dense", units: 3, activation: ofClasses ? "softmax" : "linear" }]), {
        metrics: [createMetric(metricSchema.parse(type), { classes: ofClasses ? 3 : undefined, outputWidth: 3 })],
        ...(ofClasses ? { classes: 3, loss: bindLoss(lossSchema.parse("categoricalCrossentropy"), "oneHot") } : {}),
      });
    expectFollowed(followEager(program));
  });

  const sequenceLosses = Object.keys(lossDefinitions).filter((type) => takesSequences(lossSchema.parse(type)));

  test.each(sequenceLosses)("loss %s at each step of sequences", (type) => {
    const program = () =>
      programOf(stack([6, 4], [hidden, { type: "dense", units: 3, activation: "softmax" }]), {
        loss: bindSequenceLoss(lossSchema.parse(type)),
        classes: 3,
        classWeights: [1, 2, 0.5],
      });
    expectFollowed(followEager(program));
  });

  test.each(Object.entries(metricDefinitions).filter(([, { targets }]) => targets === "class"))(
    "metric %s at each step of sequences",
    (type) => {
      const context = { classes: 3, outputWidth: 3, isSequence: true, labels: ["a", "bc", "def"] };
      const program = () =>
        programOf(stack([6, 4], [hidden, { type: "dense", units: 3, activation: "softmax" }]), {
          loss: bindSequenceLoss(lossSchema.parse("categoricalCrossentropy")),
          classes: 3,
          metrics: [createMetric(metricSchema.parse(type), context)],
        });
      expectFollowed(followEager(program));
    },
  );

  test("one sigmoid unit for two classes at each step", () => {
    const program = () =>
      programOf(stack([6, 4], [hidden, { type: "dense", units: 1, activation: "sigmoid" }]), {
        classes: 2,
        loss: bindSequenceLoss(lossSchema.parse("binaryCrossentropy")),
        metrics: ["accuracy", "perplexity"].map((type) =>
          createMetric(metricSchema.parse(type), { classes: 2, outputWidth: 1, isSequence: true }),
        ),
      });
    expectFollowed(followEager(program));
  });

  test("one sigmoid unit for two classes", () => {
    const program = () =>
      programOf(stack([4], [hidden, { type: "dense", units: 1, activation: "sigmoid" }]), {
        classes: 2,
        classWeights: [0.5, 3],
        loss: bindLoss(lossSchema.parse({ type: "binaryCrossentropy", labelSmoothing: 0.1 }), "oneHot"),
        metrics: [createMetric(metricSchema.parse("accuracy"), { classes: 2, outputWidth: 1 })],
      });
    expectFollowed(followEager(program));
  });

  test.each([{ norm: 0.1 }, { value: 0.01 }, { globalNorm: 0.1 }])("clipping %j", (clipping) => {
    expectFollowed(followEager(() => programOf(stack([4], [hidden, { type: "dense", units: 3 }]), { clipping })));
  });

  test("regularizers and constraints", () => {
    const layers = [
      {
        ...hidden,
        kernelRegularizer: { type: "l1l2", l1: 0.01, l2: 0.02 },
        biasConstraint: "nonNeg",
        kernelConstraint: { type: "maxNorm", maxValue: 0.5 },
      },
      { type: "dense", units: 3 },
    ];
    expectFollowed(followEager(() => programOf(stack([4], layers))));
  });

  test.each(Object.keys(augmentationDefinitions))("augmentation %s, of bytes", (op) => {
    const required: Readonly<Record<string, object>> = {};
    const augmentation = bindAugmentations([augmentationSchema.parse({ op, ...required[op] })]);
    const layers = [{ type: "flatten" }, { type: "dense", units: 3, activation: "softmax" }];
    const program = () =>
      programOf(stack([8, 8, 3], layers), {
        inputDtype: "uint8",
        deviceStage: (inputs) => tf.div(inputs, 255),
        augmentation,
        classes: 3,
        loss: bindLoss(lossSchema.parse("categoricalCrossentropy"), "oneHot"),
      });
    expectFollowed(followEager(program));
  });
});
