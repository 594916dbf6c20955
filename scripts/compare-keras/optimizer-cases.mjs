import { dlctlModule, onEachDevice, tf, toTensor } from "./dlctl-modules.mjs";
import { given } from "./given.mjs";
import { randomNumbers } from "./numbers.mjs";

const shapes = [[4, 3], [3], [2, 2, 1]];
const steps = 10;

const variants = {
  sgd: [{ learningRate: 0.05 }],
  momentum: [{ momentum: 0.8, nesterov: true }],
  adam: [{ amsgrad: true }, { beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }],
  adadelta: [{ learningRate: 1, rho: 0.9 }],
  adagrad: [{ learningRate: 0.1, initialAccumulatorValue: 0 }],
  nadam: [{ learningRate: 0.05 }],
  adamax: [{ learningRate: 0.05 }],
  rmsprop: [{ momentum: 0.5 }, { centered: true }],
  adamw: [{ weightDecay: 0.1 }],
};

const clippings = [{ norm: 0.5 }, { value: 0.3 }, { globalNorm: 0.7 }];

/** Each optimizer for ten steps with given gradients, and each kind of clipping with sgd. */
export async function addOptimizerCases(file, devices) {
  const { optimizerDefinitions } = dlctlModule("optimization/optimizers/optimizer-definitions");
  for (const { type } of Object.values(optimizerDefinitions)) {
    for (const options of [{}, ...(variants[type] ?? [])]) await add(file, devices, { type, ...options });
  }
  for (const clipping of clippings) await add(file, devices, { type: "sgd", learningRate: 0.1 }, clipping);
}

async function add(file, devices, options, clipping) {
  const { optimizerSchema, bindOptimizer } = dlctlModule("optimization/optimizer-config");
  const { clipGradients } = dlctlModule("optimization/gradient-clipping");
  const config = optimizerSchema.parse(options);
  const random = randomNumbers(31);
  const initial = shapes.map((shape) => random.uniform(shape));
  const gradients = Array.from({ length: steps }, () => shapes.map((shape) => random.uniform(shape)));
  const optimizer = bindOptimizer(config);
  const results = await onEachDevice(devices, () => {
    let values = initial.map(toTensor);
    let slots = values.map(({ shape }) =>
      Object.fromEntries(Object.entries(optimizer.slots).map(([name, first]) => [name, tf.fill(shape, first)])),
    );
    const seen = gradients.map((stepGradients, step) => {
      const numbers = optimizer.scalars({ learningRate: config.learningRate, step: step + 1 });
      const scalars = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]));
      const tensors = stepGradients.map(toTensor);
      const clipped = clipGradients(clipping, tensors);
      const updates = values.map((value, at) =>
        optimizer.update({ value, gradient: clipped[at], isDecayed: true }, slots[at], scalars),
      );
      values = updates.map(({ value }) => value);
      slots = updates.map((update) => update.slots);
      return tf.concat(values.map((value) => value.flatten()));
    });
    return file.tensor(tf.stack(seen));
  });
  const name = given({ ...options, ...clipping });
  const tensors = { initial: file.tensors(initial), gradients: gradients.map((step) => file.tensors(step)) };
  file.add({ kind: "optimizer", name, config, clipping, ...tensors, devices: results });
}
