import { oneAtATime } from "../../shared/one-at-a-time";
import type { ImageSource } from "../example-set";
import type { Pixels } from "./define-image-op";
import { explainDecodeFailure, isTooLarge, largestImagePixels } from "./explain-decode-failure";
import { hasForeignProfile } from "./has-foreign-profile";
import { type JpegFrame, jpegFrame } from "./jpeg-frame";
import { loadSharp } from "./load-sharp";
import { type ImageFile, largestImageBytes, readImageFile } from "./read-image-file";
import { type ResizeOptions, sharpResize } from "./resize";

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/**
 * The pixels of an image, 8-bit sRGB with 3 channels; of pixels that are there already (idx), those, not copied.
 *
 * EXIF orientation is applied; of an animation, the first frame is taken; 16-bit samples lose their lower byte; gray,
 * palette and CMYK become RGB; colours with a profile are converted to sRGB; transparency is blended, in sRGB values,
 * on `background`. Nothing is decoded in part: damage of any kind throws DataError, as do a file that is missing,
 * unreadable, empty, no image, in a format not supported, or over 100 megapixels. `origin` names the image in it.
 */
export async function decodeImage(
  source: ImageSource,
  origin: string,
  background: Colour = [0, 0, 0],
): Promise<Pixels> {
  if (!("path" in source)) return pixelsOf(source);
  return withImageFile(source.path, origin, (file, limits) => decodeFile(file, { origin, background, limits }));
}

/** Pixels that are there already, as they are. */
export function pixelsOf({ pixels, width, height, channels }: Exclude<ImageSource, { path: string }>): Pixels {
  return { data: pixels, width, height, channels };
}

/**
 * Gives an image file, read whole, to `use`, which gives undefined for an image beyond `limits`: it is then called again
 * when no other large image is worked on. Throws DataError, which names the file by `origin`, when it can't be read.
 */
export async function withImageFile<T>(
  path: string,
  origin: string,
  use: (file: ImageFile, limits: DecodeLimits) => Promise<T | undefined>,
): Promise<T> {
  const within = async (limits: DecodeLimits) => {
    const file = await readImageFile(path, origin, limits.bytes);
    return file && use(file, limits);
  };
  return (await within(everyday)) ?? ((await largeImages(() => within(largest))) as T);
}

export interface DecodeLimits {
  readonly pixels: number;
  readonly bytes: number;
}

/** Many images are decoded side by side; together those up to this size take little memory. */
const everyday: DecodeLimits = { pixels: 16_000_000, bytes: 32 * 2 ** 20 };

/** One of these takes up to 1 GiB while it is decoded, so they wait for each other. */
const largest: DecodeLimits = { pixels: largestImagePixels, bytes: largestImageBytes };
const largeImages = oneAtATime();

/** libvips decodes 100 megapixels in a few seconds; a file made to keep it busy gets no more than this. */
const mostSeconds = 60;

interface DecodeRequest {
  readonly origin: string;
  readonly background: Colour;
  readonly limits: DecodeLimits;
  /** Resized while it is decoded; only for a file that `canResizeOnLoad`. */
  readonly resize?: ResizeOptions | undefined;
}

/** From this size on a JPEG is decoded at a fraction of it where that is enough. */
const largePixels = 4_000_000;

/** Whether it may be decoded at a fraction of its size. */
export function isLargeJpeg({ width, height }: JpegFrame): boolean {
  return width * height >= largePixels;
}

/**
 * Whether an image should be resized while it is decoded. A JPEG of 4 megapixels or more is then decoded at a half, a quarter
 * or an eighth, the least that is no smaller than what it becomes: twice as fast, and different by a few of 255. A smaller one
 * has the same pixels as by two steps, or, turned by a quarter, different by 1; it is only sooner, and not done where
 * libvips would take a fraction. CMYK and gray are converted before they are resized.
 */
export function canResizeOnLoad(bytes: Buffer, { kernel, ...to }: ResizeOptions): boolean {
  const frame = jpegFrame(bytes);
  if (frame?.components !== 3 || kernel === "nearest") return false;
  // With `fastShrinkOnLoad` false libvips takes a fraction from four times the size on.
  const isWhole = Math.max(frame.width, frame.height) < 4 * Math.min(to.width, to.height);
  return isWhole || isLargeJpeg(frame);
}

function resizeOnLoad(encoded: Buffer, options: ResizeOptions) {
  const frame = jpegFrame(encoded);
  return { ...sharpResize(options), fastShrinkOnLoad: frame !== undefined && isLargeJpeg(frame) };
}

/** Decodes what `withImageFile` gave, as `decodeImage` does; undefined for an image beyond `limits`. */
export async function decodeFile(
  { bytes: encoded }: Pick<ImageFile, "bytes">,
  { origin, background: [r, g, b], limits, resize }: DecodeRequest,
): Promise<Pixels | undefined> {
  const sharp = await loadSharp();
  try {
    const pipeline = sharp(encoded, {
      failOn: "warning",
      limitInputPixels: limits.pixels,
      autoOrient: true,
      ignoreIcc: !hasForeignProfile(encoded),
    })
      .timeout({ seconds: mostSeconds })
      .flatten({ background: { r, g, b } });
    const { data, info } = await (resize ? pipeline.resize(resizeOnLoad(encoded, resize)) : pipeline)
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`sharp gave ${info.channels} channels for ${origin}`);
    return { data, width: info.width, height: info.height, channels: 3 };
  } catch (error) {
    if (limits !== largest && isTooLarge(error)) return undefined;
    throw explainDecodeFailure(encoded, origin, error);
  }
}

/** Size as the image is shown, from its header alone; of damaged pixels it knows nothing. Throws as decodeImage does. */
export async function readImageSize(source: ImageSource, origin: string): Promise<ImageSize> {
  if (!("path" in source)) return { width: source.width, height: source.height };
  return withImageFile(source.path, origin, async ({ bytes }) => {
    const sharp = await loadSharp();
    try {
      const { autoOrient } = await sharp(bytes, { limitInputPixels: largestImagePixels }).metadata();
      return { width: autoOrient.width, height: autoOrient.height };
    } catch (error) {
      throw explainDecodeFailure(bytes, origin, error);
    }
  });
}

interface ImageSize {
  readonly width: number;
  readonly height: number;
}
