import { randomUUID } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError } from "../../shared/errors";
import type { CacheExtent, PixelCache } from "./pixel-cache";

/**
 * A cache in a file of its own in `folder`, which is made if it isn't there. The file has no name once it is open, so
 * nothing of it stays when the process ends, however it ends. Throws EnvironmentError when it can't be written.
 */
export function diskCache({ count, size }: CacheExtent, folder: string): PixelCache {
  const isFilled = new Uint8Array(count);
  let opening: Promise<FileHandle> | undefined;
  const file = () => {
    opening ??= openUnnamed(folder);
    return opening;
  };
  return {
    async read(example, target) {
      if (!isFilled[example]) return false;
      await readWhole(await file(), target, example * size);
      return true;
    },
    async write(example, pixels) {
      try {
        await writeWhole(await file(), pixels, example * size);
      } catch (error) {
        throw explainWriteFailure(error, folder);
      }
      isFilled[example] = 1;
    },
    async close() {
      isFilled.fill(0);
      const handle = await opening?.catch(() => undefined);
      opening = undefined;
      await handle?.close();
    },
  };
}

async function openUnnamed(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${randomUUID()}.pixels`);
  const handle = await open(path, "wx+", 0o600);
  await rm(path);
  return handle;
}

async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function readWhole(file: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await file.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new Error("the image cache ends before its last image");
    done += bytesRead;
  }
}

/** Why decoded images can't be kept in `folder`: an EnvironmentError for what a user can mend. */
export function explainWriteFailure(error: unknown, folder: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!code) return error;
  const reason = code === "ENOSPC" || code === "EDQUOT" ? "there is no space left" : message;
  return new EnvironmentError(`Can't keep decoded images in ${folder}: ${reason}`, {
    hint: 'Make room or rights there, name another folder in XDG_CACHE_HOME, or set data.cache to "none".',
    cause: error,
  });
}
