import { dlctlModule } from "./dlctl-modules.mjs";
import { longTrainingCases } from "./long-training-cases.mjs";
import { randomNumbers } from "./numbers.mjs";
import { storedCase } from "./stored-case.mjs";

const steps = 10;
const batchSize = 16;
const classes = 3;

const convolutional = [
  { type: "conv2d", name: "first", filters: 6, kernelSize: 3, padding: "same", useBias: false },
  { type: "batchNormalization", name: "norm" },
  { type: "activation", name: "relu", activation: "relu" },
  { type: "conv2d", name: "second", filters: 6, kernelSize: 3, padding: "same", activation: "relu" },
  { type: "add", name: "sum", inputs: ["relu", "second"] },
  { type: "maxPooling2d", name: "pool", poolSize: 2 },
  { type: "flatten", name: "flat" },
  { type: "dense", name: "hidden", units: 12, activation: "gelu", kernelRegularizer: { type: "l2", l2: 0.01 } },
  { type: "dense", name: "scores", units: "classes", activation: "softmax" },
];

const cases = [
  { name: "residual CNN, adam", layers: convolutional, optimizer: { type: "adam", learningRate: 0.01 } },
  {
    name: "residual CNN, sgd, clipping, label smoothing",
    layers: convolutional,
    optimizer: { type: "sgd", learningRate: 0.1 },
    clipping: { globalNorm: 0.5 },
    loss: { type: "categoricalCrossentropy", labelSmoothing: 0.1 },
  },
  {
    name: "residual CNN, adamw, class weights",
    layers: convolutional,
    optimizer: { type: "adamw", learningRate: 0.01, weightDecay: 0.05 },
    classWeights: [1, 2, 0.5],
  },
  {
    // Probabilities that are 0 in float32 where they should be 1. Keras's loss is not clipped there, because it comes
    // from the logits; its gradients are what must be the same.
    name: "saturated softmax, sgd",
    layers: convolutional,
    optimizer: { type: "sgd", learningRate: 0.001 },
    outputScale: 300,
  },
  {
    name: "saturated sigmoid, sgd",
    layers: [...convolutional.slice(0, -1), { ...convolutional.at(-1), activation: "sigmoid" }],
    optimizer: { type: "sgd", learningRate: 0.001 },
    loss: "binaryCrossentropy",
    outputScale: 300,
  },
];

/** Steps of each engine on each device; the Python side does the same with Keras's train_on_batch. */
export async function addTrainingCases(file, devices) {
  for (const entry of cases)
    await add(file, devices, { inputShape: [8, 8, 2], classes, steps, dtype: "float32", makeBatch, ...entry });
  const native = devices.filter((device) => device !== "js");
  if (native.length === 0) return;
  for (const entry of longTrainingCases) await add(file, native, entry);
}

async function add(file, devices, entry) {
  const { name, layers: given, optimizer, clipping, classWeights, loss, outputScale } = entry;
  const { inputShape, dtype, classes } = entry;
  const { layerSchema } = dlctlModule("model/layer-config");
  const { buildModel } = dlctlModule("model/build-model");
  const { startRuntime } = dlctlModule("runtime/start-runtime");
  const layers = given.map((layer) => layerSchema.parse(layer));
  const lossConfig = dlctlModule("objectives/loss-config").lossSchema.parse(loss ?? "categoricalCrossentropy");
  const optimizerConfig = dlctlModule("optimization/optimizer-config").optimizerSchema.parse(optimizer);
  const batches = Array.from({ length: entry.steps }, (_, step) => withExamples(entry.makeBatch(41 + step)));
  const results = {};
  let initial;
  for (const [device, kind] of devices.flatMap(enginesOf)) {
    await startRuntime(device);
    const model = buildModel({ layers, input: { shape: inputShape, dtype }, classes, seed: 5 });
    if (outputScale) scaleOutputs(model, outputScale);
    initial ??= file.tensors(inKerasOrder(model));
    const engine = makeEngine(kind, { model, lossConfig, optimizerConfig, clipping, classWeights, classes, dtype });
    const losses = batches.map((batch, step) => {
      const { lossSum, weight, count, penalty } = engine.trainStep(batch, {
        step,
        learningRate: optimizerConfig.learningRate,
      });
      // Keras divides the weighted sum by the number of examples, not by the sum of the weights.
      return lossSum / (classWeights ? count : weight) + penalty;
    });
    engine.syncModel();
    results[`${device}, ${kind}`] = { losses, weights: file.tensors(inKerasOrder(model)) };
    engine.dispose();
    model.dispose();
  }
  const stored = storedCase(file, { batches, layers, classes });
  const configs = {
    inputShape,
    loss: lossConfig,
    optimizer: optimizerConfig,
    clipping,
    classWeights,
    comparesLoss: !outputScale,
    steps: entry.steps,
  };
  file.add({ kind: "training", name, ...stored, ...configs, initial, devices: results });
}

/** Makes the scores so large that the probabilities are exactly 0 and 1. */
function scaleOutputs(model, factor) {
  const layer = model.layers.at(-1);
  const [kernel, bias] = layer.getWeights();
  const scaled = kernel.mul(factor);
  layer.setWeights([scaled, bias]);
  scaled.dispose();
}

/** `of.precision` is of graphs alone. */
export function makeEngine(kind, of) {
  const { model, lossConfig, optimizerConfig, clipping, classWeights, classes, dtype, precision } = of;
  const program = {
    model,
    deviceStage: (inputs) => inputs.clone(),
    augmentation: undefined,
    loss: dlctlModule("objectives/loss-config").bindLoss(lossConfig, "oneHot"),
    metrics: [],
    optimizer: dlctlModule("optimization/optimizer-config").bindOptimizer(optimizerConfig),
    clipping,
    classWeights,
    classes,
    inputDtype: dtype,
    seed: 5,
    precision,
  };
  return dlctlModule("engine/create-engine").createEngine(program, kind).engine;
}

/** Graphs are libtensorflow's. */
const enginesOf = (device) => [[device, "eager"], ...(device === "js" ? [] : [[device, "graph"]])];

/** Layer by layer, as Keras's get_weights lists them; tfjs's lists the trainable ones of all layers first. */
export function inKerasOrder(model) {
  return model.layers.flatMap((layer) => layer.getWeights());
}

function makeBatch(seed) {
  const random = randomNumbers(seed);
  const targets = random.integers([batchSize], classes);
  return { inputs: random.uniform([batchSize, 8, 8, 2]), targets };
}

export function withExamples({ inputs, targets }) {
  const [count] = targets.shape;
  return { inputs, targets, examples: Int32Array.from({ length: count }, (_, at) => at), count };
}
