import type { Pixels } from "./define-image-op";
import { loadSharp } from "./load-sharp";

/** A PNG file of the pixels, whole. */
export async function encodePng({ data, width, height, channels }: Pixels): Promise<Buffer> {
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels } }).png().toBuffer();
}
