import { z } from "zod";
import { layerSchema } from "../model/layer-config";
import { dataSchema } from "./data-schema";
import { trainSchema } from "./train-schema";

const nameSchema = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, {
    error: "a name is made of letters, digits, dots, dashes and underscores, as it is a folder's name too",
  })
  .describe("Name of the model: its folder is `models/<name>` unless `--out` says otherwise.");

const modelSchema = z.strictObject({
  layers: z.array(layerSchema).min(1).describe("A stack, read from top to bottom; the last layer is the output."),
});

/** The config language. Strict: an unknown key is a problem, never ignored. */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe("Where an editor finds the JSON Schema of this file (`dlctl schema`)."),
  name: nameSchema,
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .describe("Decides initial weights, order, splits, dropout and augmentation."),
  task: z
    .enum(["classification", "regression", "forecasting", "tokens", "languageModel"])
    .optional()
    .describe(
      "What is predicted. By default what the data gives: classification of labels, regression of numbers, forecasting with a window, tokens where each word has a tag, languageModel of a text.",
    ),
  data: dataSchema.describe("What is learned from."),
  model: modelSchema.describe("What learns."),
  train: trainSchema.prefault({}).describe("How it is learned."),
});

/** A valid config with all defaults filled in. */
export type Config = z.output<typeof configSchema>;
