import { dlctlModule, onEachDevice, testHelper, tf, toTensor } from "./dlctl-modules.mjs";
import { given } from "./given.mjs";
import { layerVariants, randomVariants } from "./layer-variants.mjs";
import { randomNumbers } from "./numbers.mjs";

const batch = 3;

/** Each kind of layer with given weights: outputs, gradients of weights and inputs, moving statistics, penalties. */
export async function addLayerCases(file, devices, folder) {
  const { layerSamples } = testHelper("layer-samples", folder);
  requireAll(dlctlModule("model/layers/layer-definitions").layerDefinitions, layerSamples);
  for (const [type, variants] of Object.entries(layerVariants)) {
    for (const [shapes, options, { isTraining = false, ids, mask } = {}] of variants) {
      await addLayer(file, devices, {
        type,
        options,
        isTraining,
        isMerge: Array.isArray(shapes[0]),
        shapes,
        ids,
        mask,
      });
    }
  }
  // What the contract tests walk through, too.
  for (const { inputs, config, dtype } of Object.values(layerSamples).flat()) {
    const { type, ...options } = config;
    const isMerge = inputs.length > 1;
    await addLayer(file, devices, {
      type,
      options,
      isTraining: false,
      isMerge,
      shapes: isMerge ? inputs : inputs[0],
      ids: dtype && 7,
    });
  }
  for (const [type, variants] of Object.entries(randomVariants)) {
    for (const [shape, options, elementsPerDraw] of variants) {
      await addRandomLayer(file, devices, { type, options, shape, elementsPerDraw });
    }
  }
}

/** A kind that nobody compares must not go unnoticed. */
function requireAll(definitions, samples) {
  const compared = new Set([layerVariants, randomVariants, samples].flatMap(Object.keys));
  const missing = Object.keys(definitions).filter((type) => !compared.has(type));
  if (missing.length > 0) throw new Error(`layer-variants.mjs has no variant of ${missing.join(", ")}`);
}

/** `ids`: inputs are whole numbers below it. `mask`: which steps of each example count, as 0 and 1. */
async function addLayer(file, devices, { type, options, isTraining, isMerge, shapes, ids, mask: rows }) {
  const inputShapes = isMerge ? shapes : [shapes];
  const random = randomNumbers(51);
  const draw = (shape) => (ids ? random.integers(shape, ids) : random.uniform(shape));
  const inputs = inputShapes.map((shape) => draw([batch, ...shape]));
  const mask = rows && { data: Int32Array.from(rows.flat()), shape: [rows.length, rows[0].length] };
  const config = parseLayer({ type, ...options });
  let weights;
  let probe;
  const results = await onEachDevice(devices, () => {
    const { model, layer } = lastLayer(config, inputShapes, { dtype: ids ? "int32" : "float32", isMasked: !!mask });
    weights ??= layer.getWeights().map((weight, at) => weightLike(random, layer.weights[at].name, weight.shape));
    const setWeights = () => layer.setWeights(weights.map(toTensor));
    const apply = (values) => layer.apply(isMerge ? values : values[0], maskArguments(isTraining, mask));
    setWeights();
    const values = inputs.map((input) => (ids ? toTensor(input) : tf.variable(toTensor(input))));
    const output = apply(values);
    const moving = layer.nonTrainableWeights.map((weight) => weight.read());
    const statistics = file.tensors(moving);
    probe ??= random.uniform(output.shape);
    setWeights();
    const variables = [...layer.trainableWeights.map((weight) => weight.val), ...(ids ? [] : values)];
    const { grads } = tf.variableGrads(() => apply(values).mul(toTensor(probe)).sum(), variables);
    const gradients = file.tensors(variables.map(({ name }) => grads[name]));
    const penalty = model.calculateLosses().reduce((sum, loss) => sum + loss.dataSync()[0], 0);
    for (const value of values) value.dispose();
    model.dispose();
    return { output: file.tensor(output), gradients, statistics, penalty };
  });
  const name = `${given({ type, ...options })}${isTraining ? ", training" : ""}${rows ? `, mask ${rows.map((row) => row.join("")).join(" ")}` : ""}`;
  const tensors = {
    inputs: file.tensors(inputs),
    weights: file.tensors(weights),
    probe: file.tensor(probe),
    ...(mask && { mask: file.tensor(mask) }),
  };
  file.add({ kind: "layer", name, config, isMerge, isTraining, ...tensors, devices: results });
}

const maskArguments = (training, mask) => ({ training, ...(mask && { mask: toTensor(mask).toBool() }) });

async function addRandomLayer(file, devices, { type, options, shape, elementsPerDraw }) {
  const draws = 40;
  const config = parseLayer({ type, ...options });
  const inputs = randomNumbers(52).uniform([batch, ...shape], 0.5, 1.5);
  const { setRandomStep } = dlctlModule("model/random-step");
  const results = await onEachDevice(devices, () => {
    const { model, layer } = lastLayer(config, [shape]);
    const outputs = Array.from({ length: draws }, (_, step) => {
      setRandomStep(step);
      return layer.apply(toTensor(inputs), { training: true });
    });
    model.dispose();
    return { outputs: file.tensor(tf.stack(outputs)) };
  });
  const tensors = { inputs: file.tensor(inputs) };
  file.add({
    kind: "randomLayer",
    name: given({ type, ...options }),
    config,
    draws,
    elementsPerDraw,
    ...tensors,
    devices: results,
  });
}

const parseLayer = (layer) => dlctlModule("model/layer-config").layerSchema.parse(layer);

/** The layer built into a model, as training builds it: what joins several inputs gets parts of one flat input. */
function lastLayer(config, inputShapes, { dtype = "float32", isMasked = false } = {}) {
  const { buildModel } = dlctlModule("model/build-model");
  const before = isMasked ? [parseLayer({ type: "masking" })] : [];
  const layers = inputShapes.length > 1 ? joined(config, inputShapes) : [...before, config];
  const shape = inputShapes.length > 1 ? [sum(inputShapes.map(product))] : inputShapes[0];
  const model = buildModel({ layers, input: { shape, dtype }, classes: 3, seed: 9 });
  return { model, layer: model.layers.at(-1) };
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const product = (numbers) => numbers.reduce((total, number) => total * number, 1);

function joined(config, inputShapes) {
  const sizes = inputShapes.map(product);
  const size = sum(sizes);
  const parts = inputShapes.flatMap((targetShape, at) => {
    const before = sum(sizes.slice(0, at));
    const rest = size - before - sizes[at];
    const cut = {
      type: "cropping2D",
      cropping: [
        [0, 0],
        [before, rest],
      ],
      inputs: ["row"],
    };
    return [cut, { type: "reshape", name: `part${at}`, targetShape }];
  });
  const row = { type: "reshape", name: "row", targetShape: [1, size, 1] };
  return [...[row, ...parts].map(parseLayer), { ...config, inputs: inputShapes.map((_, at) => `part${at}`) }];
}

/** Any numbers will do for weights, but a variance must be positive. */
function weightLike(random, name, shape) {
  return /variance/.test(name) ? random.uniform(shape, 0.5, 2) : random.uniform(shape);
}
