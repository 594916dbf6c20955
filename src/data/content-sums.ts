import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { fileSystemPath } from "../shared/path-bytes";
import type { ExampleInputs, ImageSource } from "./example-set";
import { forEachInParallel } from "./images/for-each-in-parallel";

/** Bytes of one sum: a SHA-256, cut. */
export const sumBytes = 16;

/** Files of more than this together are known by their size, their beginning and their end. */
const wholeFilesBytes = 2 * 2 ** 30;
const pieceBytes = 16 * 2 ** 10;
const bufferBytes = 2 ** 20;
/** A table of more rows has one sum for all of them. */
const mostRows = 100_000;

/**
 * A sum over the input of each example as it is in its file or table, `sumBytes` each, one after the other: equal
 * contents, equal sums. Undefined for kinds without inputs of their own (windows, one long text) and for very long
 * tables. A file that can't be read has the sum 0: whoever decodes it says why. `limitBytes` is for tests.
 */
export async function contentSums(
  inputs: ExampleInputs,
  signal?: AbortSignal,
  limitBytes = wholeFilesBytes,
): Promise<Uint8Array | undefined> {
  switch (inputs.kind) {
    case "image":
      return imageSums(inputs, signal, limitBytes);
    case "text":
      return sumsOf(inputs.count, (index, hash) => hash.update(inputs.text(index)));
    case "vector": {
      const { values, names, count } = inputs;
      const width = names.length;
      if (count > mostRows) return undefined;
      return sumsOf(count, (index, hash) => hash.update(bytesOf(values.subarray(index * width, (index + 1) * width))));
    }
    case "series": {
      const { values, names, offsets, lengths, count } = inputs;
      if (count > mostRows) return undefined;
      return sumsOf(count, (index, hash) => {
        const start = offsets[index] as number;
        const end = start + (lengths[index] as number);
        hash.update(bytesOf(values.subarray(start * names.length, end * names.length)));
      });
    }
    default:
      return undefined;
  }
}

/** The sum of example `index`, as text that can be compared; undefined for an input that could not be read. */
export function sumOf(sums: Uint8Array, index: number): string | undefined {
  const bytes = sums.subarray(index * sumBytes, (index + 1) * sumBytes);
  return bytes.every((byte) => byte === 0) ? undefined : Buffer.from(bytes).toString("latin1");
}

/** One sum for each of `count` contents, which `add` gives to the hash. */
export function sumsOf(count: number, add: (index: number, hash: Hash) => void): Uint8Array {
  const sums = new Uint8Array(count * sumBytes);
  for (let index = 0; index < count; index++) {
    const hash = createHash("sha256");
    add(index, hash);
    put(sums, index, hash);
  }
  return sums;
}

async function imageSums(
  { count, image }: Extract<ExampleInputs, { kind: "image" }>,
  signal: AbortSignal | undefined,
  limitBytes: number,
): Promise<Uint8Array> {
  const sums = new Uint8Array(count * sumBytes);
  const sizes = new Float64Array(count);
  const measure = async (index: number) => {
    sizes[index] = await sizeOf(image(index));
  };
  await forEachInParallel(count, measure, signal);
  const isWhole = sizes.reduce((sum, size) => sum + size, 0) <= limitBytes;
  const sum = async (index: number) => {
    const hash = createHash("sha256");
    if (await addImage(hash, image(index), sizes[index] as number, isWhole)) put(sums, index, hash);
  };
  await forEachInParallel(count, sum, signal);
  return sums;
}

/** 0 where it is no regular file, or one that can't be looked at. */
async function sizeOf(source: ImageSource): Promise<number> {
  if ("pixels" in source) return source.pixels.length;
  const stats = await stat(fileSystemPath(source.path)).catch(() => undefined);
  return stats?.isFile() ? stats.size : 0;
}

/** False when it can't be read. */
async function addImage(hash: Hash, source: ImageSource, size: number, isWhole: boolean): Promise<boolean> {
  if (size === 0) return false;
  if ("pixels" in source) {
    hash.update(`${source.width} ${source.height} ${source.channels}\0`).update(source.pixels);
    return true;
  }
  try {
    const file = await open(fileSystemPath(source.path), "r");
    try {
      hash.update(`${size}\0`);
      const isRead = isWhole || size <= 2 * pieceBytes;
      const ranges = isRead ? [[0, size] as const] : [[0, pieceBytes] as const, [size - pieceBytes, size] as const];
      for (const [start, end] of ranges) await addRange(hash, file, start, end);
      return true;
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

async function addRange(hash: Hash, file: FileHandle, start: number, end: number): Promise<void> {
  const piece = Buffer.allocUnsafe(Math.min(end - start, bufferBytes));
  for (let position = start; position < end; ) {
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, end - position), position);
    if (bytesRead === 0) return;
    hash.update(piece.subarray(0, bytesRead));
    position += bytesRead;
  }
}

function put(sums: Uint8Array, index: number, hash: Hash): void {
  sums.set(hash.digest().subarray(0, sumBytes), index * sumBytes);
}

function bytesOf(array: Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
