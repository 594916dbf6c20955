import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { partialName } from "../store/partial-name";

/** At the end of a file: the SHA-256 of all before it. */
const sumBytes = 32;

/**
 * What `writeChecked` wrote, which is now the file used last. Undefined where there is none, and where it is cut off or damaged,
 * which removes it.
 */
export function readChecked(path: string): Buffer | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  const body = bytes.subarray(0, Math.max(0, bytes.length - sumBytes));
  if (!sumOf(body).equals(bytes.subarray(body.length))) {
    rmSync(path, { force: true });
    return undefined;
  }
  markUsed(path);
  return body;
}

/** Writes a file of `folder` as a whole, by one rename: who reads it meanwhile sees the old one, or none. Throws what the system says. */
export function writeChecked(folder: string, name: string, body: Uint8Array): void {
  const partial = join(folder, partialName());
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(partial, Buffer.concat([body, sumOf(body)]), { mode: 0o600 });
    renameSync(partial, join(folder, name));
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function sumOf(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest();
}

function markUsed(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Of another user, or on a disk that can't be written: it is read all the same.
  }
}
