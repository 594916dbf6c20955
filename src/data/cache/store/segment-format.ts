import { createHash } from "node:crypto";
import { type Key, keyBytes } from "./file-identity";

/**
 * A segment is a file of rows, the pixels of one image each, all of one size; after them an index, and at the very end a
 * footer, so that a file that was cut off is known by its last bytes. All numbers are little-endian:
 *
 *     rows     rowCount x rowBytes
 *     entries  entryCount x (identity 16, content 16, row 4): which file's pixels are where
 *     sums     for each block of blockRows rows 16 bytes of its SHA-256
 *     footer   "dlctlpx1", rowBytes, rowCount, blockRows, entryCount (4 each), 8 of 0, SHA-256 of all before it but the rows (32)
 */
export interface SegmentIndex {
  readonly rowBytes: number;
  readonly rowCount: number;
  readonly blockRows: number;
  readonly entries: readonly SegmentEntry[];
  readonly sums: readonly Key[];
}

export interface SegmentEntry {
  /** Of the file when it was read; undefined where that could not be relied upon. */
  readonly identity: Key | undefined;
  /** Of the file's bytes. */
  readonly content: Key;
  /** Undefined: the pixels of this content are in another segment. */
  readonly row: number | undefined;
}

const magic = Buffer.from("dlctlpx1", "latin1");
const entryBytes = 2 * keyBytes + 4;
export const footerBytes = 64;
const sumAt = 32;
const elsewhere = 0xffff_ffff;
const unknown = Buffer.alloc(keyBytes);

/** About so many bytes of rows share a sum. */
const blockBytes = 256 << 10;

export function blockRowsFor(rowBytes: number): number {
  return Math.max(1, Math.floor(blockBytes / rowBytes));
}

/** Index and footer, as they follow the rows. */
export function encodeIndex({ rowBytes, rowCount, blockRows, entries, sums }: SegmentIndex): Buffer {
  const body = Buffer.alloc(entries.length * entryBytes + sums.length * keyBytes);
  let at = 0;
  for (const { identity, content, row } of entries) {
    if (identity !== undefined) body.write(identity, at, "latin1");
    body.write(content, at + keyBytes, "latin1");
    at = body.writeUInt32LE(row ?? elsewhere, at + 2 * keyBytes);
  }
  for (const sum of sums) at += body.write(sum, at, "latin1");
  const footer = Buffer.alloc(footerBytes);
  magic.copy(footer);
  for (const [place, number] of [rowBytes, rowCount, blockRows, entries.length].entries()) {
    footer.writeUInt32LE(number, magic.length + place * 4);
  }
  sumOf(body, footer).copy(footer, sumAt);
  return Buffer.concat([body, footer]);
}

/** Where the index of a file of `fileBytes` begins, by its footer. Undefined when this is no sound footer of such a file. */
export function indexStart(footer: Buffer, fileBytes: number): number | undefined {
  if (footer.length !== footerBytes || !footer.subarray(0, magic.length).equals(magic)) return undefined;
  const { rowBytes, rowCount, blockRows, entryCount } = readFooter(footer);
  if (rowBytes === 0 || blockRows === 0) return undefined;
  const start = rowBytes * rowCount;
  const body = entryCount * entryBytes + Math.ceil(rowCount / blockRows) * keyBytes;
  return start + body + footerBytes === fileBytes ? start : undefined;
}

/** Reads what `encodeIndex` wrote. Undefined when it is damaged. */
export function decodeIndex(index: Buffer): SegmentIndex | undefined {
  const body = index.subarray(0, -footerBytes);
  const footer = index.subarray(-footerBytes);
  if (!sumOf(body, footer).equals(footer.subarray(sumAt))) return undefined;
  const { entryCount, ...sizes } = readFooter(footer);
  const entries = Array.from({ length: entryCount }, (_, number): SegmentEntry => {
    const entry = body.subarray(number * entryBytes, (number + 1) * entryBytes);
    const identity = entry.subarray(0, keyBytes);
    const row = entry.readUInt32LE(2 * keyBytes);
    return {
      identity: identity.equals(unknown) ? undefined : identity.toString("latin1"),
      content: entry.toString("latin1", keyBytes, 2 * keyBytes),
      row: row === elsewhere ? undefined : row,
    };
  });
  const sumsAt = entryCount * entryBytes;
  const sums = Array.from({ length: Math.ceil(sizes.rowCount / sizes.blockRows) }, (_, number) =>
    body.toString("latin1", sumsAt + number * keyBytes, sumsAt + (number + 1) * keyBytes),
  );
  return { ...sizes, entries, sums };
}

function readFooter(footer: Buffer) {
  const [rowBytes, rowCount, blockRows, entryCount] = [8, 12, 16, 20].map((at) => footer.readUInt32LE(at));
  return { rowBytes, rowCount, blockRows, entryCount } as Record<
    "rowBytes" | "rowCount" | "blockRows" | "entryCount",
    number
  >;
}

function sumOf(body: Buffer, footer: Buffer): Buffer {
  return createHash("sha256").update(body).update(footer.subarray(0, sumAt)).digest();
}
