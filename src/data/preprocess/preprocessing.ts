import { ConfigError, DataError } from "../../shared/errors";
import type { CacheMode } from "../cache/choose-cache";
import type { DeviceStage } from "../device-stage";
import type { EncodedInputs } from "../encoded-inputs";
import type { ExampleInputs, ExampleSet } from "../example-set";
import { isImageOp } from "../image-op-config";
import type { Colour } from "../images/decode-image";
import type { ImageFormat } from "../images/define-image-op";
import { checkPreprocess, formatAfter } from "./check-preprocess";
import { encodeImages } from "./encode-images";
import { encodeVectors } from "./encode-vectors";
import { fitNumericOps, normalizationOf } from "./fit-numeric-ops";
import { measureImages } from "./measure-images";
import { normalizationStage } from "./normalization";
import type { PreprocessConfig } from "./preprocess-config";
import {
  decodePolicy,
  type ImageRecord,
  type PreprocessingRecord,
  parsePreprocessingRecord,
  unsoundRecord,
  type VectorRecord,
} from "./preprocessing-record";

type ImageInputs = Extract<ExampleInputs, { kind: "image" }>;

interface EncodeOptions {
  /** What a person calls example `index`, for errors. */
  origin(index: number): string;
  /** Where decoded images are kept; "auto" by default. Numbers need no cache. */
  readonly cache?: CacheMode;
}

/** What is done to every input before the model sees it, the same in training and in prediction. */
export interface Preprocessing {
  /** For the model folder: `restorePreprocessing` makes the same of it. */
  readonly record: PreprocessingRecord;
  /** Of one example as `encode` gives it and the model takes it, no batch axis: `[height, width, channels]`, `[features]`. */
  readonly shape: readonly (number | null)[];
  readonly dtype: "uint8" | "float32";
  readonly deviceStage: DeviceStage;
  /**
   * The host's half for all of `inputs`; nothing is decoded before it is read. Reading throws DataError for an image that
   * can't be used. Throws DataError when the inputs are not of the model's kind. The caller closes what it gets.
   */
  encode(inputs: ExampleInputs, options: EncodeOptions): EncodedInputs;
}

interface FitOptions {
  /** What transparent pixels are blended on; black by default. */
  readonly background?: Colour;
}

/**
 * Preprocessing by `ops`, fitted on `trainingExamples` of `set` alone. Throws ConfigError when ops and data don't go
 * together, and DataError when images differ in size and no op makes them one.
 */
export async function fitPreprocessing(
  ops: PreprocessConfig,
  set: ExampleSet,
  trainingExamples: Int32Array,
  { background = [0, 0, 0] }: FitOptions = {},
): Promise<Preprocessing> {
  if (trainingExamples.length === 0) {
    throw new DataError("There are no training examples", { hint: "Give data.split smaller fractions, or add data." });
  }
  const { inputs } = set;
  if (inputs.kind === "vector") {
    requireNoProblems(checkPreprocess(ops, "vector", { features: inputs.names.length }));
    const numericOps = ops.filter((op) => !isImageOp(op));
    return restoreVectors({
      kind: "vector",
      names: [...inputs.names],
      normalize: fitNumericOps(numericOps, inputs, trainingExamples),
    });
  }
  const input = await inputFormat(ops, inputs, trainingExamples, (index) => set.origin(index));
  return restoreImages({
    kind: "image",
    decode: decodePolicy(background),
    input,
    ops: ops.filter(isImageOp),
    normalize: ops.filter((op) => op.op === "normalize").map(normalizationOf),
  });
}

/** Preprocessing as a model folder records it. Throws ModelFolderError when the record is not sound. */
export function restorePreprocessing(record: unknown): Preprocessing {
  const parsed = parsePreprocessingRecord(record);
  return parsed.kind === "image" ? restoreImages(parsed) : restoreVectors(parsed);
}

function restoreImages(record: ImageRecord): Preprocessing {
  const format = formatAfter(record.ops, record.input);
  if ("path" in format) throw unsoundRecord(format.message);
  const { width, height, channels } = format;
  if (width === null || height === null) throw unsoundRecord("the size of its images is not fixed");
  const shape = [height, width, channels];
  return {
    record,
    shape,
    dtype: "uint8",
    deviceStage: normalizationStage(record.normalize),
    encode(inputs, { origin, cache = "auto" }) {
      if (inputs.kind !== "image") throw wrongKind("images", "numbers");
      return encodeImages({ inputs, record, output: { width, height, channels }, origin, cache });
    },
  };
}

function restoreVectors(record: VectorRecord): Preprocessing {
  return {
    record,
    shape: [record.names.length],
    dtype: "float32",
    deviceStage: normalizationStage(record.normalize),
    encode(inputs, { origin }) {
      if (inputs.kind !== "vector") throw wrongKind("numbers", "images");
      return encodeVectors(inputs, record.names, origin);
    },
  };
}

/** What the image ops start from. Sizes stay open where the ops take any, so that prediction does, too. */
async function inputFormat(
  ops: PreprocessConfig,
  inputs: ImageInputs,
  examples: Int32Array,
  origin: (index: number) => string,
): Promise<ImageFormat> {
  const first = inputs.image(examples[0] as number);
  const known = "pixels" in first ? first : { width: null, height: null, channels: 3 as const };
  requireNoProblems(checkPreprocess(ops, "image", known));
  const { channels } = known;
  const open: ImageFormat = { width: null, height: null, channels };
  const made = formatAfter(ops, open);
  if (!("path" in made) && made.width !== null && made.height !== null) return open;
  const { width, height } = await measureImages(inputs, examples, origin);
  requireNoProblems(checkPreprocess(ops, "image", { width, height, channels }));
  return { width, height, channels };
}

function requireNoProblems(problems: ReturnType<typeof checkPreprocess>): void {
  const hint = problems.find((problem) => problem.hint)?.hint;
  if (problems.length > 0) throw new ConfigError(problems, hint === undefined ? {} : { hint });
}

function wrongKind(expected: string, received: string): DataError {
  return new DataError(`The model takes ${expected}, and the inputs are ${received}`, {
    hint: "Name inputs of the kind that it was trained on.",
  });
}
