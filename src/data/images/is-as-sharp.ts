import { decodeFile } from "./decode-image";
import { loadSharp } from "./load-sharp";
import type { PhotoReader } from "./photo-reader";
import type { ResizeOptions } from "./resize";

/** Smaller by each kernel, and larger, of pixels that no kernel can make alike by chance. */
const samples: readonly ResizeOptions[] = [
  ...(["linear", "cubic", "mitchell", "lanczos2", "lanczos3"] as const).map((kernel) => ({
    width: 31,
    height: 29,
    fit: "fill" as const,
    kernel,
    background: [0, 0, 0] as const,
  })),
  { width: 97, height: 61, fit: "contain", kernel: "lanczos3", background: [9, 8, 7] },
];

/** Whether `reader` makes the same pixels of a made-up photograph, resized in all ways, to the last bit. */
export async function isAsSharp(reader: PhotoReader): Promise<boolean> {
  const sharp = await loadSharp();
  const [width, height] = [53, 47];
  const pixels = Buffer.alloc(width * height * 3);
  // A congruential generator: as good as noise here.
  for (let i = 0, value = 1; i < pixels.length; i++) {
    value = (Math.imul(value, 1_103_515_245) + 12_345) >>> 0;
    pixels[i] = value >>> 24;
  }
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
  const limits = { pixels: width * height, bytes: bytes.length };
  for (const options of samples) {
    const read = await reader.read(bytes, { options, isOnLoad: true });
    const decoded = await decodeFile({ bytes }, { origin: "a sample", background: [0, 0, 0], limits, resize: options });
    if (!read || !decoded || Buffer.compare(read.data, decoded.data) !== 0) return false;
  }
  return true;
}
