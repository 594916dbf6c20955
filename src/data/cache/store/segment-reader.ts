import { closeSync, fstatSync, futimesSync, openSync, readSync } from "node:fs";
import { keyOf } from "./file-identity";
import { readWhole } from "./read-whole";
import { decodeIndex, footerBytes, indexStart, type SegmentEntry, type SegmentIndex } from "./segment-format";

/** One finished segment, open for reading. It stays readable when another process removes the file. */
export interface SegmentReader {
  readonly path: string;
  readonly entries: readonly SegmentEntry[];
  /** Copies a row into `target` and says true; false when it is damaged. A block's sum is checked at its first row. */
  read(row: number, target: Uint8Array): Promise<boolean>;
  close(): void;
}

/** Undefined when the file is cut off, damaged, of another row size, or gone. */
export function openSegment(path: string, rowBytes: number): SegmentReader | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const index = readIndex(file);
    if (index?.rowBytes === rowBytes) return segmentReader(path, file, index, new Uint8Array(index.sums.length));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
  if (file !== undefined) closeSync(file);
  return undefined;
}

/** For a segment that this process has written itself: nothing is left to check. */
export function ownSegment(path: string, file: number, index: SegmentIndex): SegmentReader {
  return segmentReader(path, file, index, new Uint8Array(index.sums.length).fill(1));
}

/** The index of an open segment; undefined when it is damaged. */
export function readIndex(file: number): SegmentIndex | undefined {
  const { size } = fstatSync(file);
  if (size < footerBytes) return undefined;
  const footer = Buffer.alloc(footerBytes);
  readSync(file, footer, 0, footerBytes, size - footerBytes);
  const start = indexStart(footer, size);
  if (start === undefined) return undefined;
  const index = Buffer.alloc(size - start);
  readSync(file, index, 0, index.length, start);
  return decodeIndex(index);
}

function segmentReader(
  path: string,
  file: number,
  { rowBytes, rowCount, blockRows, entries, sums }: SegmentIndex,
  isChecked: Uint8Array,
): SegmentReader {
  let isMarked = false;

  /** The least lately used segment is the first to go when room is needed. */
  function markUsed(): void {
    if (isMarked) return;
    isMarked = true;
    try {
      const now = new Date();
      futimesSync(file, now, now);
    } catch {
      // Of another user, or on a disk that can't be written: it is read all the same.
    }
  }

  async function readBlock(number: number): Promise<Buffer | undefined> {
    const first = number * blockRows;
    const block = Buffer.allocUnsafe(Math.min(blockRows, rowCount - first) * rowBytes);
    const isWhole = await readWhole(file, block, first * rowBytes);
    return isWhole && keyOf(block) === sums[number] ? block : undefined;
  }

  return {
    path,
    entries,
    async read(row, target) {
      markUsed();
      const number = Math.floor(row / blockRows);
      if (isChecked[number]) return readWhole(file, target, row * rowBytes);
      const block = await readBlock(number);
      if (!block) return false;
      isChecked[number] = 1;
      const start = (row % blockRows) * rowBytes;
      target.set(block.subarray(start, start + rowBytes));
      return true;
    },
    close: () => closeSync(file),
  };
}
