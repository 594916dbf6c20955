import type { JpegFrame } from "./jpeg-frame";

const signature = Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1");

/** Channels of the colour types that have no palette and no transparency of their own (PNG specification, 11.2.2). */
const componentsOf: Record<number, number> = { 0: 1, 2: 3 };

/** Size and channels of a PNG file of 8 bits, gray or colour, without palette and alpha channel; undefined for all others. */
export function pngHeader(encoded: Buffer): JpegFrame | undefined {
  if (encoded.length < 33 || !encoded.subarray(0, signature.length).equals(signature)) return undefined;
  const components = componentsOf[encoded[25] as number];
  if (encoded[24] !== 8 || components === undefined) return undefined;
  return { width: encoded.readUInt32BE(16), height: encoded.readUInt32BE(20), components };
}
