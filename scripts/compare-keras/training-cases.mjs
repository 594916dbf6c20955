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
];

/** Ten steps of the eager engine on each device; the Python side does the same with Keras's train_on_batch. */
export async function addTrainingCases(file, devices) {
  for (const entry of cases) await add(file, devices, entry);
}

async function add(file, devices, { name, layers: given, optimizer, clipping, classWeights, loss }) {
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
  for (const device of devices) {
    await startRuntime(device);
    const model = buildModel({ layers, input: { shape: inputShape, dtype: "float32" }, classes, seed: 5 });
    initial ??= file.tensors(inKerasOrder(model));
    const engine = makeEngine({ model, lossConfig, optimizerConfig, clipping, classWeights });
    const losses = batches.map(({ batch }, step) => {
      const { lossSum, weight, count, penalty } = engine.trainStep(batch, {
        step,
        learningRate: optimizerConfig.learningRate,
      });
      // Keras divides the weighted sum by the number of examples, not by the sum of the weights.
      return lossSum / (classWeights ? count : weight) + penalty;
    });
    engine.syncModel();
    results[device] = { losses, weights: file.tensors(inKerasOrder(model)) };
    engine.dispose();
    model.dispose();
  }
  const stored = batches.map(({ batch }) => ({
    inputs: file.tensor(batch.inputs),
    targets: file.tensor(oneHot(batch.targets, classes)),
  }));
  const keras = layers.map((layer) => (layer.units === "classes" ? { ...layer, units: classes } : layer));
  const configs = { layers: keras, inputShape, loss: lossConfig, optimizer: optimizerConfig, clipping, classWeights };
  file.add({ kind: "training", name, ...configs, initial, batches: stored, devices: results });
}

function makeEngine({ model, lossConfig, optimizerConfig, clipping, classWeights }) {
  return dlctlModule("engine/eager-engine").createEagerEngine({
    model,
    deviceStage: (inputs) => inputs.clone(),
    augmentation: undefined,
    loss: dlctlModule("objectives/loss-config").bindLoss(lossConfig, "oneHot"),
    metrics: [],
    optimizer: dlctlModule("optimization/optimizer-config").bindOptimizer(optimizerConfig),
    clipping,
    classWeights,
    classes,
    seed: 5,
  });
}

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
