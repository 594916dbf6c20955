import { DataError, UserError } from "../../shared/errors";
import type { ImageSource } from "../example-set";
import { applyImageOp } from "../image-op-config";
import { canResizeOnLoad, type DecodeLimits, decodeFile, pixelsOf, withImageFile } from "../images/decode-image";
import type { ImageFormat, Pixels } from "../images/define-image-op";
import type { ImageFile } from "../images/read-image-file";
import type { ImageRecord } from "./preprocessing-record";

/** The host's half for one image: decoded, brought to the channels that the ops start from, then op by op. */
export async function processImage(source: ImageSource, origin: string, record: ImageRecord): Promise<Pixels> {
  if (!("path" in source)) return applyOps(pixelsOf(source), origin, record);
  return withImageFile(source.path, origin, (file, limits) => processFile(file, origin, record, limits));
}

/** The same for a file that `withImageFile` gave; undefined for an image beyond `limits`. */
export async function processFile(
  file: ImageFile,
  origin: string,
  record: ImageRecord,
  limits: DecodeLimits,
): Promise<Pixels | undefined> {
  const resize = resizeOnLoad(file, record);
  const decoded = await decodeFile(file, { origin, background: record.decode.background, limits, resize });
  return decoded && applyOps(decoded, origin, resize ? { ...record, ops: record.ops.slice(1) } : record);
}

/** The first op, where it can be done while the file is decoded and the record has it so. */
function resizeOnLoad(file: ImageFile, { decode, input, ops: [first] }: ImageRecord) {
  if (decode.shrinkOnLoad !== "jpeg" || input.width !== null || input.height !== null || input.channels !== 3)
    return undefined;
  return first?.op === "resize" && canResizeOnLoad(file, first) ? first : undefined;
}

async function applyOps(decoded: Pixels, origin: string, record: ImageRecord): Promise<Pixels> {
  requireSize(decoded, record.input, origin);
  let pixels = await withChannels(decoded, record.input.channels);
  for (const op of record.ops) {
    try {
      pixels = await applyImageOp(op, pixels);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { hint } = error;
      throw new DataError(`${origin}: ${error.message}`, { cause: error, ...(hint === undefined ? {} : { hint }) });
    }
  }
  return pixels;
}

function requireSize({ width, height }: Pixels, input: ImageFormat, origin: string): void {
  if ((input.width ?? width) === width && (input.height ?? height) === height) return;
  const expected = `${input.width}x${input.height}`;
  throw new DataError(`${origin}: the image is ${width}x${height}, and the model takes ${expected}`, {
    hint: `Resize it to ${expected}; or put a resize into data.preprocess and train, so that all sizes are taken.`,
  });
}

/** A model of gray images takes colour ones by the formula of the grayscale op, and the other way round. */
async function withChannels(pixels: Pixels, channels: 1 | 3): Promise<Pixels> {
  if (pixels.channels === channels) return pixels;
  if (channels === 1) return applyImageOp({ op: "grayscale" }, pixels);
  const data = new Uint8Array(pixels.data.length * 3);
  for (const [index, value] of pixels.data.entries()) data.fill(value, index * 3, index * 3 + 3);
  return { ...pixels, data, channels };
}
