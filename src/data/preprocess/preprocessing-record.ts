import { z } from "zod";
import { ModelFolderError } from "../../shared/errors";
import { describeIssue } from "../../shared/zod-issue";
import { imageOpSchema } from "../image-op-config";
import { tokenizerRecordSchema } from "../text/tokenizer-record";
import { lengthRuleSchema } from "./length-op-config";

const numbers = z.array(z.number()).min(1).readonly();

const divisors = numbers.refine((values) => values.every((value) => value !== 0), "must not hold 0");

const normalizationSchema = z.strictObject({ scale: divisors, mean: numbers, std: divisors });

const channels = z.literal([1, 3]);
const size = z.int().positive().nullable();
const byte = z.int().min(0).max(255);

/** How image files become pixels. Literals: a dlctl that decodes otherwise must say so here, and read the old way too. */
const decodeSchema = z.strictObject({
  bits: z.literal(8),
  /** 16-bit samples lose their lower byte. */
  deepSamples: z.literal("upper byte"),
  orientation: z.literal("exif applied"),
  profile: z.literal("converted to sRGB"),
  alpha: z.literal("blended"),
  background: z.tuple([byte, byte, byte]),
  frames: z.literal("first"),
  /** "jpeg": a first resize is done while a JPEG is decoded, at a fraction of its size where it is much larger. */
  shrinkOnLoad: z.literal([false, "jpeg"]),
});

const imageRecordSchema = z.strictObject({
  kind: z.literal("image"),
  decode: decodeSchema,
  /** What the ops start from; a size is null where they take any. */
  input: z.strictObject({ width: size, height: size, channels }),
  ops: z.array(imageOpSchema),
  normalize: z.array(normalizationSchema).readonly(),
});

const vectorRecordSchema = z.strictObject({
  kind: z.literal("vector"),
  /** Feature columns in the model's order. */
  names: z.array(z.string()).min(1),
  normalize: z.array(normalizationSchema).readonly(),
});

const lengthRules = { truncate: lengthRuleSchema.nullable(), pad: lengthRuleSchema.nullable() };
const steps = z.int().positive();
const columnNames = z.array(z.string()).min(1);

const seriesRecordSchema = z.strictObject({
  kind: z.literal("series"),
  /** In the model's order. */
  channels: columnNames,
  normalize: z.array(normalizationSchema).readonly(),
  ...lengthRules,
  /** Of every example that the model sees. */
  length: steps,
});

const textRecordSchema = z.strictObject({
  kind: z.literal("text"),
  tokenizer: tokenizerRecordSchema,
  ...lengthRules,
  length: steps,
});

/** Forecasting: rows of a table, in windows. */
const windowRecordSchema = z.strictObject({
  kind: z.literal("window"),
  channels: columnNames,
  /** Columns whose next values are predicted. */
  targets: columnNames,
  window: z.strictObject({ length: steps, horizon: steps, stride: steps, relativeTo: z.literal("last").nullable() }),
  normalize: z.array(normalizationSchema).readonly(),
  normalizeTargets: z.array(normalizationSchema).readonly(),
});

/** A language model: a text's tokens, in windows. */
const tokensRecordSchema = z.strictObject({
  kind: z.literal("tokens"),
  tokenizer: tokenizerRecordSchema,
  window: z.strictObject({ length: steps, stride: steps }),
});

const preprocessingRecordSchema = z.discriminatedUnion("kind", [
  imageRecordSchema,
  vectorRecordSchema,
  seriesRecordSchema,
  textRecordSchema,
  windowRecordSchema,
  tokensRecordSchema,
]);

/** JSON that a model folder holds: all of preprocessing, fitted numbers included. */
export type PreprocessingRecord = z.output<typeof preprocessingRecordSchema>;
export type ImageRecord = z.output<typeof imageRecordSchema>;
export type VectorRecord = z.output<typeof vectorRecordSchema>;
export type SeriesRecord = z.output<typeof seriesRecordSchema>;
export type TextRecord = z.output<typeof textRecordSchema>;
export type WindowRecord = z.output<typeof windowRecordSchema>;
export type TokensRecord = z.output<typeof tokensRecordSchema>;

/** How this version decodes when it trains. */
export function decodePolicy(background: readonly [number, number, number]): ImageRecord["decode"] {
  return {
    bits: 8,
    deepSamples: "upper byte",
    orientation: "exif applied",
    profile: "converted to sRGB",
    alpha: "blended",
    background: [...background],
    frames: "first",
    shrinkOnLoad: "jpeg",
  };
}

/** Checks what was read from a model folder. Throws ModelFolderError. */
export function parsePreprocessingRecord(record: unknown): PreprocessingRecord {
  const { success, data, error } = preprocessingRecordSchema.safeParse(record);
  if (success) return data;
  const problems = error.issues.map((issue) => describeIssue({ ...issue, path: ["preprocessing", ...issue.path] }));
  throw unsoundRecord(problems.join("; "));
}

export function unsoundRecord(problem: string): ModelFolderError {
  return new ModelFolderError(`The model's preprocessing is not sound: ${problem}`, {
    hint: "The folder was changed, or written by another version of dlctl: train or copy the model again.",
  });
}
