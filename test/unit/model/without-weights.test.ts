import { buildModel } from "../../../src/model/build-model";
import { describeModel } from "../../../src/model/describe-model";
import { layerSchema } from "../../../src/model/layer-config";
import { withoutWeights } from "../../../src/model/without-weights";
import { tf } from "../../../src/runtime/tf";
import { titledSamples } from "../../helpers/layer-samples";
import { startJsRuntime } from "../../helpers/runtime";

beforeAll(startJsRuntime);

const single = titledSamples.filter(([, { inputs }]) => inputs.length === 1);

test.each(single)("%s has the shapes and parameters of the built layer", (_, { inputs, dtype, config }) => {
  const request = {
    layers: [layerSchema.parse(config)],
    input: { shape: [...(inputs[0] ?? [])], dtype: dtype ?? ("float32" as const) },
    seed: 1,
    initialize: false,
  };
  const built = buildModel(request);
  const shaped = withoutWeights(() => buildModel(request));
  expect(describeModel(shaped)).toEqual(describeModel(built));
  built.dispose();
  shaped.dispose();
});

test("weights larger than the machine take no room; afterwards layers are as before", () => {
  const before = tf.memory();
  const layers = [layerSchema.parse({ type: "dense", units: 2 ** 26 })];
  const model = withoutWeights(() => buildModel({ layers, input: { shape: [2 ** 20], dtype: "float32" }, seed: 1 }));
  expect(describeModel(model).parameters).toBe(2 ** 46 + 2 ** 26);
  expect(tf.memory().numBytes - before.numBytes).toBeLessThan(100);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before.numTensors);
  const plain = tf.layers.dense({ units: 2, inputShape: [3] });
  tf.sequential({ layers: [plain] }).dispose();
  expect(plain.weights[0]?.shape).toEqual([3, 2]);
});

test("what fails inside leaves layers as before, too", () => {
  expect(() =>
    withoutWeights(() => {
      throw new RangeError("no");
    }),
  ).toThrow("no");
  const plain = tf.layers.dense({ units: 2, inputShape: [3] });
  const model = tf.sequential({ layers: [plain] });
  expect(plain.getWeights()[0]?.shape).toEqual([3, 2]);
  model.dispose();
});
