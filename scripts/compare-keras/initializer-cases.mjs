import { dlctlModule, onEachDevice } from "./dlctl-modules.mjs";
import { given } from "./given.mjs";

const variants = {
  constant: [{ value: 0.3 }],
  randomUniform: [{ minval: -0.2, maxval: 0.4 }],
  randomNormal: [{ mean: 0.5, stddev: 0.2 }],
  truncatedNormal: [{ mean: 0.1, stddev: 0.3 }],
  varianceScaling: [
    { scale: 2, mode: "fanOut", distribution: "uniform" },
    { scale: 1.5, mode: "fanAvg", distribution: "truncatedNormal" },
    { scale: 0.7, mode: "fanIn", distribution: "untruncatedNormal" },
  ],
  orthogonal: [{ gain: 1.5 }],
  identity: [{ gain: 2 }],
};

// Kernels of a dense layer and of a convolution: their numbers of inputs and outputs are counted differently.
const shapes = [
  [160, 120],
  [3, 3, 24, 48],
];

/** Weights drawn by each initializer; the devices draw the same bits, so one of them goes to Keras. */
export async function addInitializerCases(file, devices) {
  const { initializerDefinitions } = dlctlModule("model/initializers/initializer-definitions");
  const { initializerSchema, createInitializer } = dlctlModule("model/initializers");
  for (const type of Object.keys(initializerDefinitions)) {
    for (const options of [{}, ...(variants[type] ?? [])]) {
      const config = initializerSchema.parse({ type, ...options });
      for (const shape of type === "identity" ? shapes.slice(0, 1) : shapes) {
        const draws = await onEachDevice(devices, () => createInitializer(config, 3).apply(shape).dataSync());
        const [first, ...others] = Object.values(draws).map((data) => Buffer.from(data.buffer));
        if (others.some((other) => !other.equals(first)))
          throw new Error(`${type}: the devices draw different weights`);
        const name = `${given({ type, ...options })} [${shape.join(", ")}]`;
        file.add({ kind: "initializer", name, config, values: file.tensor({ data: draws[devices[0]], shape }) });
      }
    }
  }
}
