import { buildModel } from "../../../src/model/build-model";
import { describeModel } from "../../../src/model/describe-model";
import { type LayerInput, layerSchema } from "../../../src/model/layer-config";
import { modelFromArtifacts, modelToArtifacts } from "../../../src/model/model-artifacts";
import { startJsRuntime } from "../../helpers/runtime";

beforeAll(() => startJsRuntime());

const layers: LayerInput[] = [
  { type: "conv2d", filters: 4, kernelSize: 3, padding: "same", name: "stem" },
  { type: "batchNormalization", name: "norm" },
  { type: "add", inputs: ["stem", "norm"] },
  { type: "flatten" },
  { type: "dense", units: 2, trainable: false },
];

test("says what a model is made of, built or loaded", async () => {
  const built = buildModel({
    layers: layers.map((layer) => layerSchema.parse(layer)),
    input: { shape: [5, 5, 2], dtype: "float32" },
    seed: 1,
  });
  const description = describeModel(built);
  const conv = 3 * 3 * 2 * 4 + 4;
  const dense = 100 * 2 + 2;
  expect(description).toEqual({
    layers: [
      { name: "input", type: "input", inputs: [], outputShape: [null, 5, 5, 2], parameters: 0, trainable: 0 },
      {
        name: "stem",
        type: "conv2d",
        inputs: ["input"],
        outputShape: [null, 5, 5, 4],
        parameters: conv,
        trainable: conv,
      },
      {
        name: "norm",
        type: "batchNormalization",
        inputs: ["stem"],
        outputShape: [null, 5, 5, 4],
        parameters: 16,
        trainable: 8,
      },
      {
        name: "add_1",
        type: "add",
        inputs: ["stem", "norm"],
        outputShape: [null, 5, 5, 4],
        parameters: 0,
        trainable: 0,
      },
      { name: "flatten_1", type: "flatten", inputs: ["add_1"], outputShape: [null, 100], parameters: 0, trainable: 0 },
      {
        name: "dense_1",
        type: "dense",
        inputs: ["flatten_1"],
        outputShape: [null, 2],
        parameters: dense,
        trainable: 0,
      },
    ],
    parameters: conv + 16 + dense,
    trainableParameters: conv + 8,
  });
  const loaded = await modelFromArtifacts(await modelToArtifacts(built));
  expect(describeModel(loaded)).toEqual(description);
  built.dispose();
  loaded.dispose();
});
