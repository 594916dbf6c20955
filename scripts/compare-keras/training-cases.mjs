import { dlctlModule } from "./dlctl-modules.mjs";
import { oneHot, randomNumbers } from "./numbers.mjs";

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

/** Ten steps of each engine on each device; the Python side does the same with Keras's train_on_batch. */
export async function addTrainingCases(file, devices) {
  for (const entry of cases) await add(file, devices, entry);
}

async function add(file, devices, { name, layers: given, optimizer, clipping, classWeights, loss, outputScale }) {
  const { layerSchema } = dlctlModule("model/layer-config");
  const { buildModel } = dlctlModule("model/build-model");
  const { startRuntime } = dlctlModule("runtime/start-runtime");
  const layers = given.map((layer) => layerSchema.parse(layer));
  const inputShape = [8, 8, 2];
  const lossConfig = dlctlModule("objectives/loss-config").lossSchema.parse(loss ?? "categoricalCrossentropy");
  const optimizerConfig = dlctlModule("optimization/optimizer-config").optimizerSchema.parse(optimizer);
  const batches = makeBatches(inputShape);
  const results = {};
  let initial;
  for (const [device, kind] of devices.flatMap(enginesOf)) {
    await startRuntime(device);
    const model = buildModel({ layers, input: { shape: inputShape, dtype: "float32" }, classes, seed: 5 });
    if (outputScale) scaleOutputs(model, outputScale);
    initial ??= file.tensors(inKerasOrder(model));
    const engine = makeEngine(kind, { model, lossConfig, optimizerConfig, clipping, classWeights });
    const losses = batches.map(({ batch }, step) => {
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
  const stored = batches.map(({ batch }) => ({
    inputs: file.tensor(batch.inputs),
    targets: file.tensor(oneHot(batch.targets, classes)),
  }));
  const keras = layers.map((layer) => (layer.units === "classes" ? { ...layer, units: classes } : layer));
  const configs = {
    layers: keras,
    inputShape,
    loss: lossConfig,
    optimizer: optimizerConfig,
    clipping,
    classWeights,
    comparesLoss: !outputScale,
  };
  file.add({ kind: "training", name, ...configs, initial, batches: stored, devices: results });
}

/** Makes the scores so large that the probabilities are exactly 0 and 1. */
function scaleOutputs(model, factor) {
  const layer = model.layers.at(-1);
  const [kernel, bias] = layer.getWeights();
  const scaled = kernel.mul(factor);
  layer.setWeights([scaled, bias]);
  scaled.dispose();
}

function makeEngine(kind, { model, lossConfig, optimizerConfig, clipping, classWeights }) {
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
    inputDtype: "float32",
    seed: 5,
  };
  return dlctlModule("engine/create-engine").createEngine(program, kind).engine;
}

/** Graphs are libtensorflow's. */
const enginesOf = (device) => [[device, "eager"], ...(device === "js" ? [] : [[device, "graph"]])];

/** Layer by layer, as Keras's get_weights lists them; tfjs's lists the trainable ones of all layers first. */
function inKerasOrder(model) {
  return model.layers.flatMap((layer) => layer.getWeights());
}

function makeBatches(inputShape) {
  const random = randomNumbers(41);
  return Array.from({ length: steps }, () => {
    const targets = random.integers([batchSize], classes);
    const inputs = random.uniform([batchSize, ...inputShape]);
    const examples = Int32Array.from({ length: batchSize }, (_, at) => at);
    return { batch: { inputs, targets, examples, count: batchSize } };
  });
}
