import { DataError, UserError } from "../../shared/errors";
import type { ImageSource } from "../example-set";
import { applyImageOp } from "../image-op-config";
import { canResizeOnLoad, type DecodeLimits, decodeFile, pixelsOf, withImageFile } from "../images/decode-image";
import type { ImageFormat, Pixels } from "../images/define-image-op";
import type { PhotoReader } from "../images/photo-reader";
import type { ImageFile } from "../images/read-image-file";
import type { ImageRecord } from "./preprocessing-record";

/** The host's half for one image: decoded, brought to the channels that the ops start from, then op by op. */
export async function processImage(source: ImageSource, origin: string, record: ImageRecord): Promise<Pixels> {
  if (!("path" in source)) return applyOps(pixelsOf(source), origin, record);
  return withImageFile(source.path, origin, (file, limits) => processFile(file, origin, record, limits));
}

/** How a file may be read faster. */
export interface FastReading {
  /** Reads what it can before sharp is asked. */
  readonly photos: PhotoReader | undefined;
  /** Where the result's pixels may be put, if it has that size. */
  readonly target: Uint8Array;
}

/** The same for a file that `withImageFile` gave; undefined for an image beyond `limits`. */
export async function processFile(
  file: ImageFile,
  origin: string,
  record: ImageRecord,
  limits: DecodeLimits,
  fast?: FastReading,
): Promise<Pixels | undefined> {
  const first = firstResize(record);
  const isOnLoad = first !== undefined && record.decode.shrinkOnLoad === "jpeg" && canResizeOnLoad(file.bytes, first);
  const rest = { ...record, ops: record.ops.slice(1) };
  const photo = await fast?.photos?.read(file.bytes, first && { options: first, isOnLoad }, fast.target);
  if (photo) return applyOps(photo, origin, first ? rest : record);
  const resize = isOnLoad ? first : undefined;
  const decoded = await decodeFile(file, { origin, background: record.decode.background, limits, resize });
  return decoded && applyOps(decoded, origin, resize ? rest : record);
}

/** The first op, if it may be done together with decoding: images may have any size, and are in colour. */
function firstResize({ input, ops: [first] }: ImageRecord) {
  const isOpen = input.width === null && input.height === null && input.channels === 3;
  return isOpen && first?.op === "resize" ? first : undefined;
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
