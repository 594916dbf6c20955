import { type BigIntStats, closeSync, constants, fstatSync, open, read } from "node:fs";
import { promisify } from "node:util";
import { DataError } from "../../shared/errors";
import { fileSystemPath } from "../../shared/path-bytes";

/** No image of 100 megapixels needs as much. */
export const largestImageBytes = 512 * 2 ** 20;

/** An image file, read whole and not decoded. */
export interface ImageFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** As they were before it was read. */
  readonly stats: BigIntStats;
}

/** Not a FileHandle, which takes twice as long for a small file as the reading itself. */
const openFile = promisify(open);
const readPart = promisify(read);

const replace = "Replace the file by a sound copy, or remove it.";

/**
 * All bytes of an image file; undefined, and nothing read, when it has more than `mostBytes`. Throws DataError that names it by `origin` when it is missing, empty, over 512 MiB, may not
 * be read, or is no regular file: a pipe or device would not end.
 */
export async function readImageFile(
  path: string,
  origin: string,
  mostBytes = largestImageBytes,
): Promise<ImageFile | undefined> {
  const failure = (message: string, hint: string) => new DataError(`${origin}: ${message}`, { hint });
  try {
    // Without O_NONBLOCK, opening a pipe waits for its writer.
    const file = await openFile(fileSystemPath(path), constants.O_RDONLY | constants.O_NONBLOCK, 0);
    try {
      // Of an open file it needs no waiting for the disk, and takes less time than to ask another thread for it.
      const stats = fstatSync(file, { bigint: true });
      if (stats.isDirectory()) throw failure("this is a folder, not an image", "Name the images in it.");
      if (!stats.isFile()) throw failure("this is no regular file", "Name an image file.");
      if (stats.size === 0n) throw failure("the file is empty", replace);
      if (stats.size > largestImageBytes) throw failure("the file is larger than 512 MiB", "Make the image smaller.");
      if (stats.size > mostBytes) return undefined;
      return { path, bytes: await readAll(file, Number(stats.size)), stats };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw error instanceof DataError ? error : explainReadFailure(error, origin);
  }
}

/** As many of `size` bytes as there are: the file may have become shorter. */
async function readAll(file: number, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await readPart(file, bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

function explainReadFailure(error: unknown, origin: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const [message, hint] = readFailures[code] ?? [`the file can't be read (${code})`, "Check the disk and the path."];
  return new DataError(`${origin}: ${message}`, { hint, cause: error });
}

const readFailures: Record<string, readonly [message: string, hint: string]> = {
  ENOENT: ["there is no such file", "Check the path."],
  ENOTDIR: ["there is no such file: a part of its path is a file and not a folder", "Check the path."],
  ENAMETOOLONG: ["the path is longer than the file system allows", "Check the path."],
  ELOOP: ["the path is a loop of symbolic links", "Check where the links point."],
  EACCES: ["no permission to read the file", "Give yourself the right to read it (chmod u+r)."],
  EPERM: ["no permission to read the file", "Give yourself the right to read it (chmod u+r)."],
  ENXIO: ["this is no regular file", "Name an image file."],
  ERR_INVALID_ARG_VALUE: ["a path can't hold a NUL character", "Check the path."],
};
