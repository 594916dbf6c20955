import { isAscii } from "node:buffer";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";
import * as zlib from "node:zlib";
import { codeCacheFolder } from "../runtime/cache-folder";

/** Not in Node.js before 20.15, nor in the types of it. */
const { crc32 } = zlib as unknown as { readonly crc32?: (data: Uint8Array) => number };

/** In Node.js from 22.1 on, and not in the types of Node.js 20. */
const { enableCompileCache } = nodeModule as unknown as { readonly enableCompileCache?: () => unknown };

const { createRequire, Module } = nodeModule;

/** What Node.js gives a module's functions and keeps of it; its types don't tell. */
interface LoadedModule {
  exports: unknown;
  filename: string;
  loaded: boolean;
}

type ModuleClass = (new (path: string) => LoadedModule) & { readonly _cache: Record<string, LoadedModule | undefined> };

/** What this process is used for: the name of a command. */
let use = "other";
/** Files that were loaded. */
let loadedFiles = 0;

/** What was kept of a file. */
interface KeptCode {
  readonly data: Buffer;
  /** How many files the run had loaded whose functions it holds. */
  readonly files: number;
}

/** Before the data, and a multiple of what V8 aligns to: the CRC-32 of all that follows it, which V8 itself does not check, and the number of files. */
const headBytes = 8;

/**
 * From here on, what V8 compiles is kept between runs: by Node.js itself where it can, by `requireCached` before. `args` are
 * the command line's: commands need different functions, so each has compiled code of its own.
 */
export function startCodeCache(args: readonly string[]): void {
  enableCompileCache?.();
  const command = args.find((arg) => !arg.startsWith("-"));
  if (command !== undefined && /^[a-z]{3,12}$/.test(command)) use = command;
}

/**
 * As `require(path)`, with V8's compiled code from the user's cache; there after the first run that succeeded. A cache that is damaged
 * is made anew, one that can't be written costs time and nothing else.
 */
export function requireCached(path: string): unknown {
  if (enableCompileCache) return require(path);
  const { _cache: known } = Module as unknown as ModuleClass;
  const before = known[path];
  if (before) return before.exports;
  const keptAt = codeCachePath(path);
  const kept = readSound(keptAt);
  const script = new Script(Module.wrap(readText(path)), { filename: path, ...(kept && { cachedData: kept.data }) });
  const loaded = new (Module as unknown as ModuleClass)(path);
  loaded.filename = path;
  // Others that require it get the same.
  known[path] = loaded;
  const run = script.runInThisContext() as (...values: unknown[]) => void;
  run.call(loaded.exports, loaded.exports, createRequire(path), loaded, path, dirname(path));
  loaded.loaded = true;
  loadedFiles++;
  // At the end, because then it holds all functions that were needed.
  process.once("exit", (code) => {
    if (code !== 0) return;
    if (!kept || script.cachedDataRejected) keep(script, keptAt, path);
    // A run that needs less should not read what one with TensorFlow.js needed: the next one keeps its own.
    else if (loadedFiles < kept.files) discard(keptAt);
  });
  return loaded.exports;
}

/** Bytes become a string many times faster where none is above 127, as in what the build makes. */
function readText(path: string): string {
  const bytes = readFileSync(path);
  return bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
}

/** V8 checks that the data fits itself and the length of the source; the name makes sure of the rest. */
function codeCachePath(path: string): string {
  const { size, mtimeMs } = statSync(path);
  const of = [process.version, process.arch, size.toString(36), Math.trunc(mtimeMs).toString(36)].join("-");
  return join(codeCacheFolder(), `${prefixOf(path)}${of}.bin`);
}

/** `predict-bundle-` */
function prefixOf(path: string): string {
  return `${use}-${basename(path, ".js")}-`;
}

/** Undefined where it is missing or damaged. */
function readSound(path: string): KeptCode | undefined {
  try {
    const bytes = readFileSync(path);
    const isSound = crc32?.(bytes.subarray(4)) === bytes.readUInt32LE(0);
    return isSound ? { data: bytes.subarray(headBytes), files: bytes.readUInt8(4) } : undefined;
  } catch {
    return undefined;
  }
}

function keep(script: Script, keptAt: string, path: string): void {
  if (!crc32) return;
  try {
    const bytes = Buffer.concat([Buffer.alloc(headBytes), script.createCachedData()]);
    bytes.writeUInt8(Math.min(loadedFiles, 255), 4);
    bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
    const folder = dirname(keptAt);
    mkdirSync(folder, { recursive: true });
    // What other versions left.
    for (const name of readdirSync(folder)) if (name.startsWith(prefixOf(path))) discard(join(folder, name));
    // Renamed into place, so that no run finds half of it.
    writeFileSync(`${keptAt}.${process.pid}`, bytes);
    renameSync(`${keptAt}.${process.pid}`, keptAt);
  } catch {
    // No room or no rights: the next run compiles again.
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // No rights: it stays.
  }
}
