import { dlctlModule, onEachDevice } from "./dlctl-modules.mjs";

const configs = [
  ...["zeros", "ones", "glorotNormal", "glorotUniform", "heNormal", "heUniform", "leCunNormal", "leCunUniform"].map(
    (type) => ({ type }),
  ),
  { type: "constant", value: 0.3 },
  { type: "randomUniform", minval: -0.2, maxval: 0.4 },
  { type: "randomNormal", mean: 0.5, stddev: 0.2 },
  { type: "truncatedNormal", mean: 0.1, stddev: 0.3 },
  { type: "varianceScaling", scale: 2, mode: "fanOut", distribution: "uniform" },
  { type: "varianceScaling", scale: 1.5, mode: "fanAvg", distribution: "truncatedNormal" },
  { type: "varianceScaling", scale: 0.7, mode: "fanIn", distribution: "normal" },
  { type: "orthogonal" },
  { type: "orthogonal", gain: 1.5 },
  { type: "identity", gain: 2 },
];

// Fan-in and fan-out come out differently for these.
const hosts = {
  dense: { layer: { type: "dense", units: 120 }, shape: [160] },
  convolution: { layer: { type: "conv2d", filters: 48, kernelSize: 3 }, shape: [6, 6, 24] },
};

/** Kernels of a dense layer and a convolution with each initializer. */
export async function addInitializerCases(file, devices) {
  const { layerSchema } = dlctlModule("model/layer-config");
  const { buildModel } = dlctlModule("model/build-model");
  for (const config of configs) {
    for (const [host, { layer, shape }] of Object.entries(hosts)) {
      if (config.type === "identity" && host !== "dense") continue;
      const layers = [layerSchema.parse({ ...layer, useBias: false, kernelInitializer: config })];
      const filled = layers[0].kernelInitializer;
      const results = await onEachDevice(devices, () => {
        const model = buildModel({ layers, input: { shape, dtype: "float32" }, classes: undefined, seed: 3 });
        return file.tensor(model.getWeights()[0]);
      });
      const options = Object.entries(config).map(([key, value]) => (key === "type" ? value : `${key} ${value}`));
      const name = `${options.join(" ")}, ${host}`;
      const given = typeof filled === "string" ? config : filled;
      file.add({ kind: "initializer", name, config: given, devices: results, values: results[devices.at(-1)] });
    }
  }
}
