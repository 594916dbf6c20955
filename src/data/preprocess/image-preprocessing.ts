import type { ExampleSet } from "../example-set";
import { isImageOp } from "../image-op-config";
import type { Colour } from "../images/decode-image";
import type { ImageFormat } from "../images/define-image-op";
import { checkPreprocess, formatAfter } from "./check-preprocess";
import type { InputsOf, Preprocessing } from "./define-preprocessing";
import { encodeImages } from "./encode-images";
import { normalizationOf } from "./fit-numeric-ops";
import { measureImages } from "./measure-images";
import { normalizationStage } from "./normalization";
import type { PreprocessConfig } from "./preprocess-config";
import { decodePolicy, type ImageRecord, unsoundRecord } from "./preprocessing-record";
import { requireNoProblems } from "./require-no-problems";
import { wrongKind } from "./wrong-kind";

interface FitImagesRequest {
  readonly inputs: InputsOf<"image">;
  readonly trainingExamples: Int32Array;
  readonly origin: ExampleSet["origin"];
  readonly background: Colour;
}

/** Throws DataError when images differ in size and no op makes them one. */
export async function fitImages(
  ops: PreprocessConfig,
  { inputs, trainingExamples, origin, background }: FitImagesRequest,
): Promise<Preprocessing> {
  const input = await inputFormat(ops, inputs, trainingExamples, origin);
  return restoreImages({
    kind: "image",
    decode: decodePolicy(background),
    input,
    ops: ops.filter(isImageOp),
    normalize: ops.filter((op) => op.op === "normalize").map(normalizationOf),
  });
}

export function restoreImages(record: ImageRecord): Preprocessing {
  const format = formatAfter(record.ops, record.input);
  if ("path" in format) throw unsoundRecord(format.message);
  const { width, height, channels } = format;
  if (width === null || height === null) throw unsoundRecord("the size of its images is not fixed");
  return {
    record,
    shape: [height, width, channels],
    dtype: "uint8",
    deviceStage: normalizationStage(record.normalize),
    facts: [],
    arrange: (set, splits) => ({ set, splits, warnings: [] }),
    encode(inputs, { origin, cache = "auto", isReadOnce = false }) {
      if (inputs.kind !== "image") throw wrongKind("image", inputs.kind);
      return encodeImages({ inputs, record, output: { width, height, channels }, origin, cache, isReadOnce });
    },
  };
}

/** What the image ops start from. Sizes stay open where the ops take any, so that prediction does, too. */
async function inputFormat(
  ops: PreprocessConfig,
  inputs: InputsOf<"image">,
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
