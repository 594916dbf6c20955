import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { globSync } from "tinyglobby";
import { configSchema } from "../../../src/config/config-schema";
import { configJsonSchema } from "../../../src/config/json-schema";
import { templates } from "../../../src/init/templates";
import { projectFolder } from "../../helpers/run-dlctl";

const schema = configJsonSchema();
// Formats are for editors: what they demand is checked by zod.
const formats = { uri: true } as const;
const options = { allErrors: true, strict: true, strictTypes: false, strictTuples: false, formats };
const validate = new Ajv(options).compile(schema);

const configs = globSync("configs/**/*.json", { cwd: projectFolder }).sort();
const read = (path: string): unknown => JSON.parse(readFileSync(join(projectFolder, path), "utf8"));

const good = { name: "a", ...templates.cnn.config };

describe("the JSON Schema agrees with the config schema", () => {
  test("there are configs", () => {
    expect(existsSync(join(projectFolder, "configs"))).toBe(true);
    expect(configs.length).toBeGreaterThan(0);
  });

  test.each(configs)("%s is valid", (path) => {
    expect(validate(read(path)) || validate.errors).toBe(true);
    expect(configSchema.safeParse(read(path)).error).toBeUndefined();
  });

  test.each(Object.entries(templates))("template %s is valid", (_, { config }) => {
    expect(validate({ name: "a", ...config }) || validate.errors).toBe(true);
  });

  test.each<[string, object]>([
    [
      "a name for a kind",
      { ...good, train: { optimizer: "sgd", loss: "meanSquaredError", metrics: ["mae"], schedule: "cosine" } },
    ],
    ["nothing in train", { ...good, train: {} }],
    ["no train", { ...good, train: undefined }],
    ["a $schema", { $schema: "./x.json", ...good }],
    [
      "an initializer by name and by object",
      {
        ...good,
        model: {
          layers: [
            { type: "dense", units: 1, kernelInitializer: "heNormal", biasInitializer: { type: "constant", value: 1 } },
          ],
        },
      },
    ],
  ])("%s is valid", (_, config) => {
    const plain: unknown = JSON.parse(JSON.stringify(config));
    expect(validate(plain) || validate.errors).toBe(true);
    expect(configSchema.safeParse(plain).error).toBeUndefined();
  });

  test.each<[string, object]>([
    ["an unknown key", { ...good, sede: 1 }],
    ["no name", { ...good, name: undefined }],
    ["a name with a slash", { ...good, name: "a/b" }],
    ["a broken seed", { ...good, seed: 1.5 }],
    ["an unknown source", { ...good, data: { source: "folder", path: "x" } }],
    ["a source without its path", { ...good, data: { source: "image-folder" } }],
    ["an unknown op", { ...good, data: { ...good.data, preprocess: [{ op: "resise" }] } }],
    ["no layers", { ...good, model: { layers: [] } }],
    ["an unknown layer", { ...good, model: { layers: [{ type: "conv4d" }] } }],
    ["a layer's unknown option", { ...good, model: { layers: [{ type: "dense", units: 3, filters: 3 }] } }],
    ["an unknown activation", { ...good, model: { layers: [{ type: "dense", units: 3, activation: "rel" }] } }],
    ["an unknown optimizer", { ...good, train: { optimizer: "newton" } }],
    ["no batch", { ...good, train: { batchSize: 0 } }],
  ])("%s is refused by both", (_, config) => {
    const plain: unknown = JSON.parse(JSON.stringify(config));
    expect(validate(plain)).toBe(false);
    expect(configSchema.safeParse(plain).success).toBe(false);
  });
});

describe("the JSON Schema is made for editors", () => {
  test("every key of a config has a description", () => {
    const without: string[] = [];
    walk(schema, "", (node, path) => {
      for (const [key, property] of Object.entries(node.properties ?? {})) {
        const isTag = property.const !== undefined;
        if (!isTag && property.description === undefined) without.push(`${path}.${key}`);
      }
    });
    expect(without).toEqual([]);
  });

  test("defaults are stated", () => {
    expect(schema.properties?.train).toMatchObject({
      properties: { epochs: { default: 10 }, optimizer: { default: "adam" } },
    });
  });
});

interface Node {
  readonly properties?: Record<string, Node>;
  readonly items?: Node;
  readonly anyOf?: Node[];
  readonly oneOf?: Node[];
  readonly definitions?: Record<string, Node>;
  readonly const?: unknown;
  readonly description?: string;
}

function walk(node: unknown, path: string, visit: (node: Node, path: string) => void): void {
  if (typeof node !== "object" || node === null) return;
  visit(node as Node, path);
  for (const [key, child] of Object.entries(node)) walk(child, `${path}.${key}`, visit);
}
