import { dlctlModule, onEachDevice, tf, toTensor } from "./dlctl-modules.mjs";
import { given } from "./given.mjs";
import { oneHot, randomNumbers } from "./numbers.mjs";

const rows = 7;
const classes = 4;

// Options beside the defaults that are compared too.
const variants = {
  categoricalCrossentropy: [{ labelSmoothing: 0.1 }],
  binaryCrossentropy: [{ labelSmoothing: 0.1 }],
  huber: [{ delta: 0.3 }],
  categoricalFocalCrossentropy: [{ alpha: 0.4, gamma: 1.5 }],
  binaryFocalCrossentropy: [{ gamma: 1.5 }],
};

// Losses of probabilities, and those whose formula needs positive numbers.
const takesProbabilities = /crossentropy|kullback/i;
const takesPositive = /logarithmic|poisson/i;

/** Each loss with its defaults and variants, in each target encoding: values and gradients on each device. */
export async function addLossCases(file, devices) {
  const { lossDefinitions } = dlctlModule("objectives/losses/loss-definitions");
  const { lossSchema, bindLoss } = dlctlModule("objectives/loss-config");
  for (const { type, targets: encodings } of Object.values(lossDefinitions)) {
    for (const options of [{}, ...(variants[type] ?? [])]) {
      const config = lossSchema.parse({ type, ...options });
      for (const encoding of encodings) {
        const { targets, outputs } = exampleOf(type, encoding);
        const loss = bindLoss(config, encoding);
        const compute = () => {
          const perExample = (values) => loss.perExample(toTensor(targets), values);
          const values = toTensor(outputs);
          const gradient = tf.grad((x) => perExample(x).sum())(values);
          return { values: file.tensor(perExample(values)), gradient: file.tensor(gradient) };
        };
        const results = await onEachDevice(devices, compute);
        const tensors = { targets: file.tensor(targets), outputs: file.tensor(outputs) };
        file.add({
          kind: "loss",
          name: `${given({ type, ...options })}, ${encoding}`,
          config,
          ...tensors,
          devices: results,
        });
      }
    }
  }
}

function exampleOf(type, encoding) {
  const random = randomNumbers(11);
  const isBinary = /^binary/.test(type);
  const outputs = outputsOf(type, random, isBinary);
  const indices = random.integers([rows], classes);
  if (encoding === "index") return { outputs, targets: indices };
  if (encoding === "oneHot") return { outputs, targets: oneHot(indices, classes) };
  if (isBinary) {
    const targets = random.integers([rows, classes], 2);
    return { outputs, targets: { ...targets, data: Float32Array.from(targets.data) } };
  }
  if (takesProbabilities.test(type)) return { outputs, targets: random.probabilities(rows, classes) };
  if (/hinge/i.test(type)) {
    const signs = random.integers([rows, classes], 2);
    return { outputs, targets: { ...signs, data: Float32Array.from(signs.data, (value) => 2 * value - 1) } };
  }
  const low = takesPositive.test(type) ? 0.1 : -2;
  return { outputs, targets: random.uniform([rows, classes], low, 2) };
}

function outputsOf(type, random, isBinary) {
  if (isBinary) return saturated(random.uniform([rows, classes], 0.01, 0.99));
  if (takesProbabilities.test(type)) return saturated(random.probabilities(rows, classes));
  const low = takesPositive.test(type) ? 0.1 : -2;
  return random.uniform([rows, classes], low, 2);
}

/** The first row is exactly 1 for one class and 0 for the others, as a sure softmax gives it: losses must clip. */
function saturated(outputs) {
  outputs.data.set([1, 0, 0, 0]);
  return outputs;
}
