/** File formats that `decodeImage` reads, for messages. */
export const readableFormats = "JPEG, PNG, WebP, GIF, TIFF and AVIF";

/** The format of a file by its first bytes, whether or not dlctl reads it; undefined when it looks like no image. */
export function imageFileFormat(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
  return signatures.find(([, matches]) => matches(text))?.[0];
}

const startsWith = (prefix: string) => (text: string) => text.startsWith(prefix);

const signatures: readonly (readonly [string, (text: string) => boolean])[] = [
  ["JPEG", startsWith("\xff\xd8")],
  ["PNG", startsWith("\x89PNG\r\n\x1a\n")],
  ["WebP", (text) => text.startsWith("RIFF") && text.slice(8, 12) === "WEBP"],
  ["GIF", startsWith("GIF8")],
  ["TIFF", (text) => ["II*\0", "MM\0*", "II+\0", "MM\0+"].some((magic) => text.startsWith(magic))],
  ["AVIF", (text) => /^avi[fs]/.test(heifBrand(text))],
  ["HEIC", (text) => /^(hei|hev|mif1|msf1)/.test(heifBrand(text))],
  ["BMP", (text) => text.startsWith("BM") && text.slice(6, 10) === "\0\0\0\0"],
  ["JPEG 2000", (text) => text.startsWith("\0\0\0\x0cjP  ") || text.startsWith("\xff\x4f\xff\x51")],
  ["JPEG XL", (text) => text.startsWith("\xff\x0a") || text.startsWith("\0\0\0\x0cJXL ")],
  ["Windows icon", startsWith("\0\0\x01\0")],
  ["Photoshop", startsWith("8BPS")],
  ["PDF", startsWith("%PDF")],
  ["SVG", (text) => /^[\s\xef\xbb\xbf]*<(\?xml|!--|!doctype svg|svg)/i.test(text) && /<svg|<\?xml/i.test(text)],
];

function heifBrand(text: string): string {
  return text.slice(4, 8) === "ftyp" ? text.slice(8, 12) : "";
}
