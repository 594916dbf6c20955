import type { Config } from "../config/config-schema";
import { applyImageOp } from "../data/image-op-config";
import { decodeImage } from "../data/images/decode-image";
import type { Pixels } from "../data/images/define-image-op";
import { encodePng } from "../data/images/encode-png";
import { enlarge, tile } from "../explain/draw/tiles";
import { augmentedBatches } from "../report/data/sample-pictures";
import type { TrainingData } from "../train/open-data";

/** Of each picture in the sheet. */
const side = 160;

/**
 * A PNG of `examples`, a row for each: as it is, as the model takes it (before its numbers are normalized), and augmented as the run's seed
 * has it in its first steps.
 */
export async function contactSheet(
  { set, inputs, preprocessing: { record } }: TrainingData,
  config: Config,
  examples: Int32Array,
  signal: AbortSignal,
): Promise<Buffer> {
  if (set.inputs.kind !== "image" || record.kind !== "image") throw new Error("these are no images");
  const host = await inputs.read(examples, signal);
  const batches = [host.data as Uint8Array, ...augmentedBatches(config, host)];
  const [height, width, channels] = inputs.shape as [number, number, 1 | 3];
  const size = height * width * channels;
  const rows: Pixels[][] = [];
  for (const [index, example] of examples.entries()) {
    const original = await decodeImage(set.inputs.image(example), set.origin(example), record.decode.background);
    const seen = batches.map((data) => ({
      data: data.subarray(index * size, (index + 1) * size),
      width,
      height,
      channels,
    }));
    rows.push(await Promise.all([original, ...seen].map(fit)));
  }
  return encodePng(tile(rows));
}

/** In colour, in a square; small ones pixel by pixel. */
async function fit(pixels: Pixels): Promise<Pixels> {
  const isSmall = Math.max(pixels.width, pixels.height) < side;
  const kernel = isSmall ? "nearest" : "lanczos3";
  const background: [number, number, number] = [128, 128, 128];
  const op = { op: "resize", width: side, height: side, fit: "contain", kernel, background } as const;
  return applyImageOp(op, pixels.channels === 3 ? pixels : enlarge(pixels, 1));
}
