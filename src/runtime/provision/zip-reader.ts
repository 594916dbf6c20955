import { createReadStream, createWriteStream } from "node:fs";
import { type FileHandle, mkdir, open, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";

/** A file inside a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly headerOffset: number;
}

const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const endBytes = 22;

/** The entries of a zip archive of up to 4 GB, read from its directory at the end without unpacking anything. */
export async function readZipEntries(path: string): Promise<ZipEntry[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    // The end record is followed by a comment of at most 64 kB.
    const tail = await readAt(file, Math.max(0, size - endBytes - 0xffff), Math.min(size, endBytes + 0xffff));
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end < 0 || tail.readUInt32LE(end) !== endSignature)
      throw new Error(`${path} is not a zip archive, or is cut off`);
    const directory = await readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
    return parseDirectory(directory, tail.readUInt16LE(end + 10), path);
  } finally {
    await file.close();
  }
}

function parseDirectory(directory: Buffer, count: number, path: string): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let offset = 0; entries.length < count; ) {
    if (offset + 46 > directory.length || directory.readUInt32LE(offset) !== directorySignature) {
      throw new Error(`${path} has a damaged zip directory`);
    }
    const nameBytes = directory.readUInt16LE(offset + 28);
    entries.push({
      name: directory.toString("utf8", offset + 46, offset + 46 + nameBytes),
      method: directory.readUInt16LE(offset + 10),
      compressedBytes: directory.readUInt32LE(offset + 20),
      bytes: directory.readUInt32LE(offset + 24),
      headerOffset: directory.readUInt32LE(offset + 42),
    });
    offset += 46 + nameBytes + directory.readUInt16LE(offset + 30) + directory.readUInt16LE(offset + 32);
  }
  return entries;
}

/** Writes one entry of the archive at `path` to `target`, making its folder. `onBytes` hears of each piece written. */
export async function extractZipEntry(
  path: string,
  entry: ZipEntry,
  target: string,
  { onBytes, signal }: { onBytes?: (count: number) => void; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  if (entry.method !== 0 && entry.method !== 8) throw new Error(`${entry.name}: unknown compression ${entry.method}`);
  await mkdir(dirname(target), { recursive: true });
  const start = await dataOffset(path, entry);
  let written = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      written += chunk.length;
      onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
  if (entry.compressedBytes === 0) {
    await writeFile(target, "");
  } else {
    const source = createReadStream(path, { start, end: start + entry.compressedBytes - 1, highWaterMark: 1 << 18 });
    const inflate = entry.method === 8 ? [createInflateRaw({ chunkSize: 1 << 18 })] : [];
    await pipeline([source, ...inflate, count, createWriteStream(target)], { signal });
  }
  if (written !== entry.bytes) throw new Error(`${entry.name} has ${written} bytes instead of ${entry.bytes}`);
}

/** The local header repeats the name and may have other extra fields than the directory's entry. */
async function dataOffset(path: string, { headerOffset }: ZipEntry): Promise<number> {
  const file = await open(path);
  try {
    const header = await readAt(file, headerOffset, 30);
    return headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error("the zip archive is cut off");
  return buffer;
}
