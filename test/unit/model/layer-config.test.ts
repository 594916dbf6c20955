import { z } from "zod";
import { layerSchema } from "../../../src/model/layer-config";
import { layerDefinitions } from "../../../src/model/layers/layer-definitions";
import { layerSamples } from "../../helpers/layer-samples";

test("defaults are Keras 3's", () => {
  expect(layerSchema.parse({ type: "dense", units: 3 })).toEqual({
    type: "dense",
    units: 3,
    activation: "linear",
    useBias: true,
    kernelInitializer: { type: "glorotUniform" },
    biasInitializer: { type: "zeros" },
  });
  expect(layerSchema.parse({ type: "batchNormalization" })).toMatchObject({ momentum: 0.99, epsilon: 1e-3, axis: -1 });
  expect(layerSchema.parse({ type: "layerNormalization" })).toMatchObject({ epsilon: 1e-3 });
  expect(layerSchema.parse({ type: "leakyReLU" })).toMatchObject({ alpha: 0.3 });
  expect(layerSchema.parse({ type: "softmax" })).toMatchObject({ axis: -1 });
});

test.each([
  [{ type: "dense", units: 3, unit: 4 }],
  [{ type: "dense", units: 0 }],
  [{ type: "dense", units: 2.5 }],
  [{ type: "dense", units: "many" }],
  [{ type: "dens", units: 3 }],
  [{ units: 3 }],
  [{ type: "dense", units: 3, activation: "relo" }],
  [{ type: "dense", units: 3, kernelInitializer: "glorot" }],
  [{ type: "dense", units: 3, kernelInitializer: { type: "randomNormal", std: 1 } }],
  [{ type: "dense", units: 3, kernelRegularizer: "l1l2" }],
  [{ type: "dense", units: 3, name: "input" }],
  [{ type: "dense", units: 3, name: "a/b" }],
  [{ type: "dense", units: 3, name: "" }],
  [{ type: "conv1d", filters: 1, kernelSize: 2, padding: "full" }],
  [{ type: "conv2d", filters: 1, kernelSize: [1, 2, 3] }],
  [{ type: "dropout", rate: 1 }],
  [{ type: "permute", dims: [1, 3] }],
  [{ type: "elu", alpha: 2 }],
  [{ type: "add", inputs: [] }],
])("%j is refused", (layer) => {
  expect(layerSchema.safeParse(layer).success).toBe(false);
});

test("every kind has its JSON Schema, with a description of each option", () => {
  const schema = z.toJSONSchema(layerSchema, { io: "input" }) as { oneOf: { properties: Record<string, object> }[] };
  expect(schema.oneOf).toHaveLength(Object.keys(layerDefinitions).length);
  for (const { properties } of schema.oneOf) {
    for (const [name, option] of Object.entries(properties)) {
      if (name !== "type") expect(option).toMatchObject({ description: expect.any(String) });
    }
  }
});

test("the list calls each kind by its type", () => {
  for (const [name, { type }] of Object.entries(layerDefinitions)) expect(type).toBe(name);
  for (const [name, samples] of Object.entries(layerSamples)) {
    for (const { config } of samples) expect(config.type).toBe(name);
  }
});
