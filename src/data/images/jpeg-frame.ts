/** Markers of a frame's header: SOF0 to SOF15, without the tables and the reserved one that lie between them. */
const isFrameMarker = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** What a JPEG file says of itself before its pixels come. */
export interface JpegFrame {
  /** As stored, before any EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** 1 is gray, 3 colour, 4 CMYK. */
  readonly components: number;
}

/** Undefined for what is no sound JPEG, as far as this looks. */
export function jpegFrame(encoded: Buffer): JpegFrame | undefined {
  if (encoded[0] !== 0xff || encoded[1] !== 0xd8) return undefined;
  let at = 2;
  while (at + 9 < encoded.length && encoded[at] === 0xff) {
    const marker = encoded[at + 1] as number;
    if (isFrameMarker(marker)) {
      const [height, width] = [encoded.readUInt16BE(at + 5), encoded.readUInt16BE(at + 7)];
      return { width, height, components: encoded[at + 9] as number };
    }
    // A marker may be filled up with bytes of 0xff before it.
    at += marker === 0xff ? 1 : 2 + encoded.readUInt16BE(at + 2);
  }
  return undefined;
}
