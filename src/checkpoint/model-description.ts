import { z } from "zod";

/** Raised when an older dlctl could no longer read the folder. */
export const modelFormatVersion = 1;

const sizes = z.array(z.int().positive().nullable());

/** dlctl.json: all that a model folder says of itself beside topology and weights. */
export const modelDescriptionSchema = z.object({
  formatVersion: z.literal(modelFormatVersion),
  name: z.string(),
  task: z.enum(["classification", "regression", "forecasting", "tokens", "languageModel"]),
  /** Class names in the order of the model's outputs; null when it predicts values, or tokens of the preprocessing's tokenizer. */
  labels: z.array(z.string()).nullable(),
  /** Names of the values that the model predicts; null for classes. */
  targets: z.array(z.string()).nullable(),
  /** What the model takes after preprocessing on the host, no batch axis. */
  input: z.object({ kind: z.string(), shape: sizes, dtype: z.enum(["uint8", "float32", "int32"]) }),
  /** `width` 1 with two labels is a sigmoid unit: the probability of the second label. */
  output: z.object({ width: z.int().positive() }),
  /** For `restorePreprocessing`. */
  preprocessing: z.unknown(),
  /** With every default filled in, command-line options included; paths in it are relative to `baseFolder`. */
  config: z.record(z.string(), z.unknown()),
  /** Absolute; where the model was trained. */
  baseFolder: z.string(),
  /** Of the saved weights, after `epoch`; null for a figure that is not defined. */
  metrics: z.object({ epoch: z.int().nonnegative(), values: z.record(z.string(), z.number().nullable()) }),
  parameters: z.int().nonnegative(),
  training: z.object({
    device: z.string(),
    engine: z.string(),
    /** Of products in training; models of before it was recorded have none. */
    precision: z.string().optional(),
    seed: z.int(),
    epochs: z.int().nonnegative(),
    steps: z.int().nonnegative(),
    seconds: z.number(),
    finishedAt: z.string(),
    examples: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
  }),
  versions: z.record(z.string(), z.string().nullable()),
  /** SHA-256 sums of the files that make up the model. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

export type ModelDescription = z.output<typeof modelDescriptionSchema>;
