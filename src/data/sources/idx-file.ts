import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "../../shared/errors";
import { explainReadError } from "../explain-read-error";

/** An IDX file of unsigned bytes, as MNIST's authors defined it. */
export interface IdxFile {
  readonly path: string;
  /** Sizes of the axes, examples first. */
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Uint8Array;
}

const hint = "Is it the right file, and downloaded whole?";
const unsignedByte = 0x08;
/** Deflate packs at most about 1032 to 1: a header that promises more is damaged, and is not given memory. */
const largestPacking = 1040;

/** Reads an IDX file of unsigned bytes, packed by gzip or not. Throws DataError, naming the file, when it isn't one. */
export async function readIdxFile(path: string, axes: readonly number[], signal?: AbortSignal): Promise<IdxFile> {
  try {
    const { isPacked, bytes } = await look(path);
    const reader = new IdxReader(path, axes, isPacked ? bytes * largestPacking : bytes);
    for await (const chunk of readUnpacked(path, isPacked, signal)) reader.take(chunk);
    return reader.finish();
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_")) {
      throw new DataError(`${path} is cut off or damaged: gzip can't unpack it`, { hint, cause: error });
    }
    throw explainReadError(error, path, "file");
  }
}

async function* readUnpacked(path: string, isPacked: boolean, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: 1 << 18, signal });
  const unpacked = isPacked ? source.pipe(createGunzip({ chunkSize: 1 << 18 })) : source;
  // pipe does not pass errors on.
  if (unpacked !== source) source.on("error", (error) => unpacked.destroy(error));
  try {
    yield* unpacked as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

async function look(path: string): Promise<{ isPacked: boolean; bytes: number }> {
  const file = await open(path);
  try {
    const start = Buffer.alloc(2);
    await file.read(start, 0, 2, 0);
    return { isPacked: start.readUInt16BE(0) === 0x1f8b, bytes: (await file.stat()).size };
  } finally {
    await file.close();
  }
}

/** Takes a file in pieces: the header first, then straight into an array of the size that the header states. */
class IdxReader {
  private header = Buffer.alloc(0);
  private shape: number[] | undefined;
  private data = new Uint8Array(0);
  private filled = 0;

  constructor(
    private readonly path: string,
    /** Numbers of axes that will do. */
    private readonly axes: readonly number[],
    private readonly largest: number,
  ) {}

  take(chunk: Buffer): void {
    if (this.shape) {
      this.append(chunk);
      return;
    }
    this.header = Buffer.concat([this.header, chunk]);
    const headerBytes = 4 + 4 * (this.header[3] ?? 0);
    if (this.header.length < 4) return;
    this.checkMagic();
    if (this.header.length < headerBytes) return;
    this.shape = [];
    for (let offset = 4; offset < headerBytes; offset += 4) this.shape.push(this.header.readUInt32BE(offset));
    const size = this.shape.reduce((product, length) => product * length, 1);
    if (size > this.largest) throw this.cutOff(size);
    this.data = new Uint8Array(size);
    this.append(this.header.subarray(headerBytes));
  }

  finish(): IdxFile {
    if (!this.shape) throw new DataError(`${this.path} is too short for an IDX file`, { hint });
    if (this.filled < this.data.length) throw this.cutOff(this.data.length);
    return { path: this.path, shape: this.shape, data: this.data };
  }

  private checkMagic(): void {
    const [zero0, zero1, type, axes] = this.header as unknown as [number, number, number, number];
    if (zero0 !== 0 || zero1 !== 0) throw new DataError(`${this.path} is not an IDX file`, { hint });
    if (type !== unsignedByte) {
      throw new DataError(
        `${this.path} holds IDX values of type 0x${type.toString(16)}; unsigned bytes (0x8) are read`,
      );
    }
    if (!this.axes.includes(axes)) {
      throw new DataError(`${this.path} has ${axes} axes instead of ${this.axes.join(" or ")}`, {
        hint: "Are the files of images and of labels exchanged?",
      });
    }
  }

  private append(chunk: Buffer): void {
    if (this.filled + chunk.length > this.data.length) {
      throw new DataError(`${this.path} is longer than its header says (${this.data.length} values)`, { hint });
    }
    this.data.set(chunk, this.filled);
    this.filled += chunk.length;
  }

  private cutOff(size: number): DataError {
    const there = this.filled > 0 ? `${this.filled} are there` : "the file is too small for them";
    return new DataError(`${this.path} is cut off: its header says ${size} values, ${there}`, { hint });
  }
}
