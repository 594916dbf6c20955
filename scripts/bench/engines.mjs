// The models of models.mjs without their data: batches of made-up examples, and what dlctl makes an engine from.
import { createRequire } from "node:module";
import { batchSize } from "./models.mjs";

const dlctlModule = (name) => createRequire(import.meta.url)(`../../dist/${name}.js`);

/** Shape of an example's inputs and of its targets, and of how many numbers and classes they are. */
export function formOf({ kind, size, channels, tokens, vocabulary, classes }) {
  if (kind === "images") return { dtype: "uint8", shape: [size, size, channels], values: 256, targets: [], classes };
  // A language model predicts a character at each step, the others one of two classes.
  const isSequence = kind === "characters";
  return {
    dtype: "int32",
    shape: [tokens],
    values: vocabulary,
    targets: isSequence ? [tokens] : [],
    classes: isSequence ? vocabulary : 2,
  };
}

/** What a compiled step of the model is made from; its optimizer is Adam. */
export function makeProgram(model, { shape, dtype, values, classes }) {
  const layers = model.config.model.layers.map((layer) =>
    dlctlModule("model/layer-config").layerSchema.parse({
      ...layer,
      ...(layer.type === "embedding" ? { inputDim: values } : {}),
    }),
  );
  const built = dlctlModule("model/build-model").buildModel({
    layers,
    input: { shape, dtype: dtype === "int32" ? "int32" : "float32" },
    classes,
    seed: 5,
  });
  const { bindOptimizer, optimizerSchema } = dlctlModule("optimization/optimizer-config");
  return {
    model: built,
    deviceStage: (inputs) => (dtype === "uint8" ? inputs.div(255) : inputs.clone()),
    augmentation: undefined,
    loss: lossOf(model),
    metrics: [],
    optimizer: bindOptimizer(optimizerSchema.parse({ type: "adam" })),
    classes,
    inputDtype: dtype,
    seed: 5,
  };
}

function lossOf({ data }) {
  const { bindLoss, lossSchema } = dlctlModule("objectives/loss-config");
  const config = lossSchema.parse("categoricalCrossentropy");
  if (data.kind === "characters") return dlctlModule("objectives/sequence-loss").bindSequenceLoss(config);
  return bindLoss(config, "oneHot");
}

export function makeBatch({ dtype, shape, values, targets, classes }) {
  const count = batchSize;
  let state = 1;
  const random = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const sizeOf = (lengths) => lengths.reduce((product, length) => product * length, count);
  const Numbers = dtype === "uint8" ? Uint8Array : Int32Array;
  return {
    inputs: { data: Numbers.from({ length: sizeOf(shape) }, () => 1 + random(values - 1)), shape: [count, ...shape] },
    targets: {
      data: Int32Array.from({ length: sizeOf(targets) }, () => random(classes)),
      shape: [count, ...targets],
    },
    examples: Int32Array.from({ length: count }, (_, at) => at),
    count,
  };
}

export function median(times) {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
}
