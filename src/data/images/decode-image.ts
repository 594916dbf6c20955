import type { ImageSource } from "../example-set";
import type { Pixels } from "./define-image-op";
import { explainDecodeFailure, largestImagePixels } from "./explain-decode-failure";
import { hasForeignProfile } from "./has-foreign-profile";
import { loadSharp } from "./load-sharp";
import { readImageFile } from "./read-image-file";

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
  if ("pixels" in source) {
    return { data: source.pixels, width: source.width, height: source.height, channels: source.channels };
  }
  const [sharp, encoded] = await Promise.all([loadSharp(), readImageFile(source.path, origin)]);
  const [r, g, b] = background;
  try {
    const { data, info } = await sharp(encoded, {
      failOn: "warning",
      limitInputPixels: largestImagePixels,
      autoOrient: true,
      ignoreIcc: !hasForeignProfile(encoded),
    })
      .flatten({ background: { r, g, b } })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`sharp gave ${info.channels} channels for ${origin}`);
    return { data, width: info.width, height: info.height, channels: 3 };
  } catch (error) {
    throw explainDecodeFailure(encoded, origin, error);
  }
}

/** Size as the image is shown, from its header alone; of damaged pixels it knows nothing. Throws as decodeImage does. */
export async function readImageSize(source: ImageSource, origin: string): Promise<{ width: number; height: number }> {
  if ("pixels" in source) return { width: source.width, height: source.height };
  const [sharp, encoded] = await Promise.all([loadSharp(), readImageFile(source.path, origin)]);
  try {
    const { autoOrient } = await sharp(encoded, { limitInputPixels: largestImagePixels }).metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  } catch (error) {
    throw explainDecodeFailure(encoded, origin, error);
  }
}
