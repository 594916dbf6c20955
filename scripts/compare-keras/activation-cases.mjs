import { dlctlModule, onEachDevice, tf, toTensor } from "./dlctl-modules.mjs";
import { given } from "./given.mjs";
import { randomNumbers } from "./numbers.mjs";

const constraints = [
  { type: "maxNorm", maxValue: 0.8 },
  { type: "maxNorm", maxValue: 0.9, axis: [0, 1] },
  { type: "minMaxNorm", minValue: 0.7, maxValue: 0.9, rate: 0.5 },
  "nonNeg",
  "unitNorm",
];

const regularizers = [{ type: "l1" }, { type: "l2", l2: 0.3 }, { type: "l1l2", l1: 0.1, l2: 0.2 }];

/** Each activation over inputs far into both tails: values and gradients. */
export async function addActivationCases(file, devices) {
  const { activationSchema } = dlctlModule("model/activations");
  const random = randomNumbers(61);
  const inputs = random.uniform([6, 20], -8, 8);
  const probe = random.uniform([6, 20]);
  for (const activation of activationNames(activationSchema)) {
    const results = await onEachDevice(devices, () => {
      const layer = tf.layers.activation({ activation });
      const values = toTensor(inputs);
      const gradient = tf.grad((x) => layer.apply(x).mul(toTensor(probe)).sum())(values);
      return { output: file.tensor(layer.apply(values)), gradient: file.tensor(gradient) };
    });
    const tensors = { inputs: file.tensor(inputs), probe: file.tensor(probe) };
    file.add({ kind: "activation", name: activation, ...tensors, devices: results });
  }
}

function activationNames(schema) {
  const names = schema.options ?? schema.in?.options ?? schema.def.in.options;
  if (!names?.length) throw new Error("activations.ts has changed: its names are not found");
  return names;
}

/** Constraints and regularizers, on a matrix and a convolution's kernel. */
export async function addWeightRuleCases(file, devices) {
  const weights = randomNumbers(62).uniform([5, 4]);
  const { constraintSchema, createConstraint } = dlctlModule("model/constraints");
  for (const options of constraints) {
    const config = constraintSchema.parse(options);
    const results = await onEachDevice(devices, () => file.tensor(createConstraint(config).apply(toTensor(weights))));
    file.add({ kind: "constraint", name: name(options), config, weights: file.tensor(weights), devices: results });
  }
  const { regularizerSchema, createRegularizer } = dlctlModule("model/regularizers");
  for (const options of regularizers) {
    const config = regularizerSchema.parse(options);
    const results = await onEachDevice(devices, () => createRegularizer(config).apply(toTensor(weights)).dataSync()[0]);
    file.add({ kind: "regularizer", name: name(options), config, weights: file.tensor(weights), devices: results });
  }
}

const name = (options) => (typeof options === "string" ? options : given(options));
