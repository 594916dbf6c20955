import { join } from "node:path";
import { loadConfig } from "../../../src/config/load-config";
import { devices } from "../../../src/plan/devices";
import { statedMachine } from "../../../src/plan/machine";
import { planConfig } from "../../../src/plan/plan-config";
import { startJsRuntime } from "../../helpers/runtime";

beforeAll(startJsRuntime);

const { signal } = new AbortController();
const folder = join(__dirname, "..", "..", "..", "configs", "plan");

async function plan(name: string, options: { batchSize?: number; examples?: number } = {}) {
  const loaded = await loadConfig(join(folder, `${name}.json`), []);
  return planConfig(loaded, { batchSize: options.batchSize, examples: options.examples }, signal);
}

const parametersOf = ({ model }: Awaited<ReturnType<typeof plan>>, layer: string) =>
  model.layers.find(({ name }) => name === layer)?.parameters ?? Number.NaN;

describe("published parameter counts", () => {
  test("BERT-base uncased with its pooler: 109,482,240 (Devlin et al., 2019; the released checkpoint)", async () => {
    const bert = await plan("bert-base");
    expect(bert.model.parameters - parametersOf(bert, "classifier")).toBe(109_482_240);
  });

  test("GPT-2 small: 124,439,808 with tied embeddings (Radford et al., 2019; the released checkpoint)", async () => {
    const { model } = await plan("gpt2-124m");
    expect(model.tiedParameters).toBe(124_439_808);
    expect(model.parameters).toBe(124_439_808 + 50_257 * 768);
  });

  test("GPT-3: 174.6 billion, and the 3.14e23 operations of its training within 4 % (Brown et al., 2020)", async () => {
    const { model } = await plan("gpt3-175b");
    // 96 blocks of 12 d^2 + 13 d, embeddings of 50,257 tokens and 2,048 positions, and the last normalization; d = 12,288.
    const width = 12_288;
    expect(model.tiedParameters).toBe(96 * (12 * width ** 2 + 13 * width) + (50_257 + 2_048) * width + 2 * width);
    const perToken = (model.forwardFlops + model.backwardFlops) / 2048;
    expect((perToken * 300e9) / 3.14e23).toBeGreaterThan(0.96);
    expect((perToken * 300e9) / 3.14e23).toBeLessThan(1.04);
  });
});

test("weights, gradients and slots of a model too large for a device, and how many would hold it", async () => {
  const gpt = await plan("gpt3-175b");
  const { training, parameters } = gpt.model;
  expect(training.weights).toBe(4 * parameters);
  expect(training.gradients).toBe(4 * parameters);
  expect(training.slots).toBe(8 * parameters);
  const device = gpt.on(statedMachine(devices.h100 as never));
  expect(device).toMatchObject({ fits: false, largestBatch: 0, epochSeconds: null });
  expect(device.devicesToHold).toBe(Math.ceil(training.total / (0.9 * 80 * 2 ** 30)));
});

test("the largest batch fits, and one more does not", async () => {
  const machine = statedMachine(devices["a100-80gb"] as never);
  const { largestBatch } = (await plan("gpt2-124m")).on(machine);
  expect((await plan("gpt2-124m", { batchSize: largestBatch })).on(machine).fits).toBe(true);
  expect((await plan("gpt2-124m", { batchSize: largestBatch + 1 })).on(machine).fits).toBe(false);
});

test("--examples gives the time of an epoch: so many batches", async () => {
  const device = (await plan("bert-base", { examples: 3200 })).on(statedMachine(devices.t4 as never));
  expect(device.epochSeconds).toBeCloseTo(100 * device.stepSeconds, 6);
  expect(device.totalSeconds).toBeCloseTo(3 * (device.epochSeconds ?? 0), 6);
});

test("half precision is faster where a device states it, and never slower", async () => {
  const bert = await plan("bert-base");
  for (const spec of Object.values(devices)) {
    const saving = bert.on(statedMachine(spec)).savings.find(({ change }) => change.includes("16-bit"));
    if (saving?.time != null) expect(saving.time).toBeLessThanOrEqual(1);
    expect(saving?.memory).toBeLessThan(1);
  }
});

test("train.precision is what a plan is made for", async () => {
  const loaded = await loadConfig(join(folder, "bert-base.json"), ["train.precision=bfloat16"]);
  const half = await planConfig(loaded, { batchSize: undefined, examples: undefined }, signal);
  const whole = await plan("bert-base");
  const { training } = half.model;
  // Masters in float32, and what products read of them.
  expect(training.weights).toBe(6 * half.model.parameters);
  expect(training.activations).toBe(whole.model.training.activations / 2);
  expect(training.slots).toBe(whole.model.training.slots);
  const { h100, v100 } = devices as Record<string, never>;
  const figures = half.on(statedMachine(h100 as never, "bfloat16"));
  expect(figures.precision).toBe("bfloat16");
  expect(figures.stepSeconds).toBeLessThan(whole.on(statedMachine(h100 as never, "float32")).stepSeconds / 2);
  expect(figures.savings.some(({ change }) => change.includes("16-bit"))).toBe(false);
  expect(whole.on(statedMachine(h100 as never, "float32")).precision).toBe("float32");
  // It has no bfloat16.
  expect(half.on(statedMachine(v100 as never, "bfloat16")).precision).toBe("float32");
});

test("no gradient of the data is taken, nor of what is not trained", async () => {
  const bert = await plan("bert-base");
  const classifier = bert.model.layers.find(({ name }) => name === "classifier");
  // Gradients of kernel and input: twice the forward product of 768 x 2.
  expect(classifier?.backwardFlops).toBeGreaterThanOrEqual(2 * 2 * 768 * 2);
  const { config } = await loadConfig(join(folder, "bert-base.json"), []);
  const frozen = {
    ...config,
    model: {
      layers: config.model.layers.map((layer, index, { length }) => ({ ...layer, trainable: index === length - 1 })),
    },
  };
  const loaded = { ...(await loadConfig(join(folder, "bert-base.json"), [])), config: frozen };
  const { model } = await planConfig(loaded as never, { batchSize: undefined, examples: undefined }, signal);
  expect(model.trainableParameters).toBe(1538);
  expect(model.training.activations).toBeLessThan(bert.model.training.activations / 100);
  expect(model.layers.find(({ name }) => name === "pooler")?.backwardFlops).toBe(0);
});
