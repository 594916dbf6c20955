import { dlctlModule, onEachDevice, tf, toTensor } from "./dlctl-modules.mjs";
import { given } from "./given.mjs";
import { randomNumbers } from "./numbers.mjs";

const rows = 90;
const batchSize = 32;
const classes = 5;

const variants = {
  topKAccuracy: [{ k: 2 }],
  precision: [{ average: "micro" }, { average: "weighted" }],
  recall: [{ average: "micro" }, { average: "weighted" }],
  f1: [{ average: "micro" }, { average: "weighted" }],
  auc: [{ curve: "PR" }],
};

// For a single sigmoid unit.
const binaryVariants = {
  accuracy: [{}],
  precision: [{ average: "binary" }, { average: "macro" }],
  recall: [{ average: "binary" }],
  f1: [{ average: "binary" }],
  auc: [{}, { curve: "PR" }],
};

/** Each metric over three batches of unequal size, on each device. */
export async function addMetricCases(file, devices) {
  const { metricDefinitions } = dlctlModule("objectives/metrics/metric-definitions");
  for (const { type, targets } of Object.values(metricDefinitions)) {
    const all = [{}, ...(variants[type] ?? [])];
    if (targets === "values") for (const options of all) await add(file, devices, { type, ...options }, valueExample());
    else {
      for (const options of all) await add(file, devices, { type, ...options }, classExample());
      for (const options of binaryVariants[type] ?? []) {
        await add(file, devices, { type, ...options }, sigmoidExample(), "one sigmoid unit");
      }
    }
  }
}

async function add(file, devices, options, { targets, outputs, context }, note = "") {
  const { metricSchema, createMetric } = dlctlModule("objectives/metric-config");
  const config = metricSchema.parse(options);
  const metric = createMetric(config, context);
  const results = await onEachDevice(devices, () => {
    const sums = new Float64Array(metric.statisticsLength);
    for (let start = 0; start < rows; start += batchSize) {
      const count = Math.min(batchSize, rows - start);
      const part = (value) => toTensor(value).slice(start, count);
      const statistics = metric.statistics(part(targets), part(outputs)).dataSync();
      statistics.forEach((value, position) => {
        sums[position] += value;
      });
    }
    return metric.result(sums);
  });
  const name = [given(options), note].filter(Boolean).join(", ");
  const tensors = { targets: file.tensor(targets), outputs: file.tensor(outputs) };
  file.add({ kind: "metric", name, config, ...tensors, devices: results });
}

/** Outputs that are right more often than not. */
function classExample() {
  const random = randomNumbers(21);
  const targets = random.integers([rows], classes);
  const raw = random.uniform([rows, classes], 0, 1);
  targets.data.forEach((index, row) => {
    raw.data[row * classes + index] += 0.4;
  });
  const outputs = tf.tidy(() => toTensor(raw).softmax().dataSync());
  return { targets, outputs: { data: outputs, shape: raw.shape }, context: { classes, outputWidth: classes } };
}

function sigmoidExample() {
  const random = randomNumbers(22);
  const targets = random.integers([rows], 2);
  const outputs = random.uniform([rows, 1], 0, 0.7);
  targets.data.forEach((index, row) => {
    outputs.data[row] += 0.29 * index;
  });
  return { targets, outputs, context: { classes: 2, outputWidth: 1 } };
}

function valueExample() {
  const random = randomNumbers(23);
  const targets = random.uniform([rows, 2], 5, 9);
  const noise = random.uniform([rows, 2], -0.5, 0.5);
  const outputs = { shape: targets.shape, data: targets.data.map((value, at) => value + noise.data[at]) };
  return { targets, outputs, context: { classes: undefined, outputWidth: 2 } };
}
