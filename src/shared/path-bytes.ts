import { isUtf8 } from "node:buffer";

/** A lone low surrogate of this range stands for a byte: U+DC80 for 0x80, up to U+DCFF. No valid text has one. */
const escaped = /[\udc80-\udcff]/u;
const escapedAll = /[\udc80-\udcff]/gu;

/**
 * The path or file name that `bytes` are. Names on Linux are bytes and need not be UTF-8; a byte that is not becomes a lone
 * surrogate, as in Python's `surrogateescape`, so that the file can still be opened by its name: see `fileSystemPath`.
 */
export function pathFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((size) => at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)));
    text += length ? bytes.toString("utf8", at, at + length) : String.fromCharCode(0xdc00 + (bytes[at] as number));
    at += length ?? 1;
  }
  return text;
}

/** What Node's `fs` takes for a path of `pathFromBytes`: bytes where it is not plain text. */
export function fileSystemPath(path: string): string | Buffer {
  if (!escaped.test(path)) return path;
  const pieces: Buffer[] = [];
  let end = 0;
  for (const { index } of path.matchAll(escapedAll)) {
    pieces.push(Buffer.from(path.slice(end, index)), Buffer.of(path.charCodeAt(index) - 0xdc00));
    end = index + 1;
  }
  pieces.push(Buffer.from(path.slice(end)));
  return Buffer.concat(pieces);
}
