import { buildModel } from "../../../../src/model/build-model";
import { type CostedLayer, costLayers } from "../../../../src/model/costs/cost-layers";
import { describeModel } from "../../../../src/model/describe-model";
import { type LayerConfig, type LayerInput, layerSchema } from "../../../../src/model/layer-config";
import type { LayerDefinition } from "../../../../src/model/layers/define-layer";
import { layerDefinitions } from "../../../../src/model/layers/layer-definitions";
import { withoutWeights } from "../../../../src/model/without-weights";
import { layerSamples, titledSamples } from "../../../helpers/layer-samples";
import { startJsRuntime } from "../../../helpers/runtime";

beforeAll(startJsRuntime);

function costOf(inputs: readonly LayerInput[], shape: readonly number[], dtype: "float32" | "int32" = "float32") {
  const layers: LayerConfig[] = inputs.map((layer) => layerSchema.parse(layer));
  const model = withoutWeights(() => buildModel({ layers, input: { shape: [...shape], dtype }, classes: 5, seed: 1 }));
  const description = describeModel(model);
  model.dispose();
  return { costs: costLayers(layers, description.layers), parameters: description.parameters };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const flops = ({ operations = [] }: CostedLayer) => sum(operations.map(({ forward }) => forward.flops));
const multiplyAdds = (costs: readonly CostedLayer[]) =>
  sum(costs.flatMap(({ operations = [] }) => operations.map((operation) => operation.multiplyAdds)));

test.each(Object.values<LayerDefinition>(layerDefinitions).map((definition) => [definition.type, definition] as const))(
  "%s says what it computes",
  (_, definition) => {
    expect(definition.cost).toBeInstanceOf(Function);
  },
);

describe("each sample", () => {
  test.each(titledSamples)("%s: finite figures, none negative", (_, { inputs, config }) => {
    const definition: LayerDefinition = layerDefinitions[config.type];
    const options = layerSchema.parse(definition.inputs === "many" ? { ...config, inputs: ["a", "b"] } : config);
    const operations = definition.cost?.(options, { inputs, output: inputs[0] ?? [], parameters: 3 }) ?? [];
    for (const { forward, inputGradient, weightGradient, kept, transient } of operations) {
      const figures = [forward, inputGradient, weightGradient].flatMap((work) => Object.values(work));
      for (const figure of [...figures, kept, transient]) expect(figure).toBeGreaterThanOrEqual(0);
      for (const figure of figures) expect(figure).toBeLessThan(1e6);
    }
  });
});

test("a hand count of the article's CNN: conv, pool, conv, pool, dense, dense on 224x224", () => {
  const { costs, parameters } = costOf(
    [
      { type: "conv2d", filters: 32, kernelSize: 3, activation: "relu" },
      { type: "maxPooling2d" },
      { type: "conv2d", filters: 64, kernelSize: 3, activation: "relu" },
      { type: "maxPooling2d" },
      { type: "flatten" },
      { type: "dense", units: 64, activation: "relu" },
      { type: "dense", units: 5, activation: "softmax" },
    ],
    [224, 224, 1],
  );
  expect(parameters).toBe(11_963_141);
  // 222 x 222 places, 9 multiply-adds, 32 filters; a bias and a relu for each output.
  const first = 222 * 222 * 32 * (2 * 9 + 1 + 1);
  const second = 109 * 109 * 64 * (2 * 9 * 32 + 1 + 1);
  expect(costs.map(flops)).toEqual([
    0,
    first,
    111 * 111 * 32 * 4,
    second,
    54 * 54 * 64 * 4,
    0,
    64 * (2 * 54 * 54 * 64 + 1 + 1),
    5 * (2 * 64 + 1 + 5),
  ]);
});

test("MobileNet 1.0 at 224: 569 million multiply-adds and 4.25 million parameters (Howard et al., 2017)", () => {
  const normalized: LayerInput[] = [{ type: "batchNormalization" }, { type: "reLU", maxValue: 6 }];
  const blocks: [number, number][] = [
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [512, 2],
    ...Array.from({ length: 5 }, (): [number, number] => [512, 1]),
    [1024, 2],
    [1024, 1],
  ];
  const { costs, parameters } = costOf(
    [
      { type: "conv2d", filters: 32, kernelSize: 3, strides: 2, padding: "same", useBias: false },
      ...normalized,
      ...blocks.flatMap(([filters, strides]): LayerInput[] => [
        { type: "depthwiseConv2d", kernelSize: 3, strides, padding: "same", useBias: false },
        ...normalized,
        { type: "conv2d", filters, kernelSize: 1, useBias: false },
        ...normalized,
      ]),
      { type: "globalAveragePooling2d" },
      { type: "dense", units: 1000, activation: "softmax" },
    ],
    [224, 224, 3],
  );
  // Keras's MobileNet has as many.
  expect(parameters).toBe(4_253_864);
  expect(Math.round(multiplyAdds(costs) / 1e6)).toBe(569);
});

test("ResNet-50: 25,636,712 parameters as Keras's, 3.86 billion multiply-adds (He et al., 2015: 3.8)", () => {
  const layers: LayerInput[] = [];
  const push = (layer: LayerInput) => layers.push(layer);
  const convolve = (name: string, input: string, filters: number, kernelSize: number, strides: number) => {
    push({ type: "conv2d", name: `${name}_conv`, inputs: [input], filters, kernelSize, strides, padding: "same" });
    push({ type: "batchNormalization", name: `${name}_bn` });
    return `${name}_bn`;
  };
  const relu = (name: string, input: string) => {
    push({ type: "reLU", name, inputs: [input] });
    return name;
  };
  let last = relu("stem", convolve("stem", "input", 64, 7, 2));
  push({ type: "maxPooling2d", name: "pool", inputs: [last], poolSize: 3, strides: 2, padding: "same" });
  last = "pool";
  const stages: [number, number][] = [
    [64, 3],
    [128, 4],
    [256, 6],
    [512, 3],
  ];
  stages.forEach(([filters, count], stage) => {
    for (let block = 0; block < count; block++) {
      const name = `s${stage}b${block}`;
      const strides = block === 0 && stage > 0 ? 2 : 1;
      const shortcut = block === 0 ? convolve(`${name}s`, last, 4 * filters, 1, strides) : last;
      const one = relu(`${name}r1`, convolve(`${name}c1`, last, filters, 1, strides));
      const two = relu(`${name}r2`, convolve(`${name}c2`, one, filters, 3, 1));
      const three = convolve(`${name}c3`, two, 4 * filters, 1, 1);
      push({ type: "add", name: `${name}a`, inputs: [shortcut, three] });
      last = relu(name, `${name}a`);
    }
  });
  push({ type: "globalAveragePooling2d" });
  push({ type: "dense", units: 1000, activation: "softmax" });
  const { costs, parameters } = costOf(layers, [224, 224, 3]);
  expect(parameters).toBe(25_636_712);
  expect(multiplyAdds(costs) / 1e9).toBeCloseTo(3.86, 2);
});

test("a layer without known options, or of open length, is not counted, and says why", () => {
  const { costs } = costOf([{ type: "dense", units: 2 }], [3]);
  const described = costs.map(({ operations: _, obstacle: __, ...layer }) => layer);
  expect(costLayers([], described)[1]).toMatchObject({ operations: undefined, obstacle: "its options are not known" });
  const open = described.map((layer) => ({ ...layer, outputShape: [null, null, 2] }));
  const counted = costLayers([layerSchema.parse({ type: "dense", units: 2 })], open)[1];
  expect(counted).toMatchObject({ operations: undefined, obstacle: "its input has no fixed length" });
});

test("there is a sample of every kind", () => {
  expect(Object.keys(layerSamples).sort()).toEqual(Object.keys(layerDefinitions).sort());
});
