import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, renameSync, rmSync, write } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Key, keyOf } from "./file-identity";
import { partialName, segmentEnding } from "./partial-name";
import { readWhole } from "./read-whole";
import { blockRowsFor, encodeIndex, type SegmentEntry } from "./segment-format";
import { ownSegment, type SegmentReader } from "./segment-reader";

const writeSome = promisify(write);

/**
 * A segment that is being written: under a name that no reader looks at, until `publish` gives it its own by one rename.
 * Calls of `add` may overlap. Failures to write are thrown as the system tells them.
 */
export class SegmentWriter {
  private file: number | undefined;
  private readonly partialPath: string;
  private readonly entries: SegmentEntry[] = [];
  private readonly sums: Key[] = [];
  private readonly blockRows: number;
  private block: Buffer;
  private rows = 0;
  /** Blocks on their way to the disk, by number. */
  private readonly leaving = new Map<number, { readonly block: Buffer; readonly written: Promise<void> }>();

  constructor(
    private readonly folder: string,
    private readonly rowBytes: number,
  ) {
    this.partialPath = join(folder, partialName());
    this.blockRows = blockRowsFor(rowBytes);
    this.block = Buffer.allocUnsafe(this.blockRows * rowBytes);
  }

  get bytes(): number {
    return this.rows * this.rowBytes;
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** Takes a copy of the pixels of a file. Returns their row, which can be read from now on. */
  async add(identity: Key | undefined, content: Key, pixels: Uint8Array): Promise<number> {
    const row = this.rows++;
    this.block.set(pixels, (row % this.blockRows) * this.rowBytes);
    this.entries.push({ identity, content, row });
    if (this.rows % this.blockRows === 0) await this.sendBlock(this.block);
    return row;
  }

  /** Notes that a file has the content of a row that is elsewhere. */
  note(identity: Key, content: Key): void {
    this.entries.push({ identity, content, row: undefined });
  }

  async read(row: number, target: Uint8Array): Promise<boolean> {
    const number = Math.floor(row / this.blockRows);
    const open = number === Math.floor(this.rows / this.blockRows) ? this.block : this.leaving.get(number)?.block;
    if (!open) return this.file !== undefined && readWhole(this.file, target, row * this.rowBytes);
    const start = (row % this.blockRows) * this.rowBytes;
    target.set(open.subarray(start, start + this.rowBytes));
    return true;
  }

  /** Finishes the segment and shows it to other runs; what was added before is in it. Nothing can be added any more. */
  async publish(): Promise<SegmentReader> {
    const left = this.rows % this.blockRows;
    if (left > 0) await this.sendBlock(this.block.subarray(0, left * this.rowBytes));
    await Promise.all([...this.leaving.values()].map(({ written }) => written));
    const { rowBytes, blockRows, entries, sums } = this;
    const index = { rowBytes, rowCount: this.rows, blockRows, entries, sums };
    const file = this.open();
    await writeWhole(file, encodeIndex(index), this.bytes);
    const path = join(this.folder, `${randomUUID()}${segmentEnding}`);
    renameSync(this.partialPath, path);
    this.file = undefined;
    return ownSegment(path, file, index);
  }

  /** Gives up what is not published. */
  async discard(): Promise<void> {
    await Promise.allSettled([...this.leaving.values()].map(({ written }) => written));
    if (this.file === undefined) return;
    closeSync(this.file);
    this.file = undefined;
    rmSync(this.partialPath, { force: true });
  }

  private async sendBlock(block: Buffer): Promise<void> {
    const number = this.sums.length;
    this.sums.push(keyOf(block));
    this.block = Buffer.allocUnsafe(this.blockRows * this.rowBytes);
    const written = writeWhole(this.open(), block, number * this.blockRows * this.rowBytes);
    this.leaving.set(number, { block, written });
    await written;
    this.leaving.delete(number);
  }

  private open(): number {
    if (this.file === undefined) {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      this.file = openSync(this.partialPath, "wx+", 0o600);
    }
    return this.file;
  }
}

async function writeWhole(file: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await writeSome(file, bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
