import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import * as zlib from "node:zlib";
import { cacheFolder } from "../runtime/cache-folder";

/** Not in Node.js before 20.15, nor in the types of it. */
const { crc32 } = zlib as unknown as { readonly crc32?: (data: Uint8Array) => number };

/**
 * As `require(path)`, with V8's compiled code from the user's cache; there after the first run. A cache that is damaged
 * is made anew, one that can't be written costs time and nothing else.
 */
export function requireCached(path: string): unknown {
  const kept = codeCachePath(path);
  const cachedData = readSound(kept);
  const source = Module.wrap(readFileSync(path, "utf8"));
  const script = new Script(source, { filename: path, ...(cachedData && { cachedData }) });
  const loaded = { exports: {} };
  const run = script.runInThisContext() as (...values: unknown[]) => void;
  run.call(loaded.exports, loaded.exports, createRequire(path), loaded, path, dirname(path));
  // At the end, because then it holds all functions that were needed.
  if (!cachedData || script.cachedDataRejected) process.once("exit", () => keep(script, kept));
  return loaded.exports;
}

/** V8 checks that the data fits itself and the length of the source; the name makes sure of the rest. */
function codeCachePath(path: string): string {
  const { size, mtimeMs } = statSync(path);
  const of = [process.version, process.arch, size.toString(36), Math.trunc(mtimeMs).toString(36)].join("-");
  return join(cacheFolder(), "code", `${of}.bin`);
}

/** The data behind its CRC-32, which V8 itself does not check; undefined where it is missing or damaged. */
function readSound(path: string): Buffer | undefined {
  try {
    const bytes = readFileSync(path);
    const data = bytes.subarray(4);
    return crc32?.(data) === bytes.readUInt32LE(0) ? data : undefined;
  } catch {
    return undefined;
  }
}

function keep(script: Script, path: string): void {
  if (!crc32) return;
  try {
    const data = script.createCachedData();
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(data));
    const folder = dirname(path);
    // What other versions left.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // Renamed into place, so that no run finds half of it.
    writeFileSync(`${path}.${process.pid}`, Buffer.concat([sum, data]));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // No room or no rights: the next run compiles again.
  }
}
