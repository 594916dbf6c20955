import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { cacheFolder } from "../../runtime/cache-folder";
import type { InstalledRuntime } from "../../runtime/installed-runtime";
import type { Measurement } from "./calibrate";
import { featureNames } from "./features";

/** Raised when probes, features or costs change: what was measured before is then measured anew. */
const version = 2;

/** Files of figures, each for a machine, its settings and a version of dlctl's operations. */
const mostKept = 32;

const price = z.number().min(0);
const storedSchema = z.object({
  version: z.literal(version),
  processor: z.string(),
  measuredAt: z.string(),
  programBytes: z.number().positive(),
  error: z.object({ median: z.number(), largest: z.number() }),
  prices: z.object(Object.fromEntries(featureNames.map((name) => [name, price]))),
});

export interface Calibration extends Measurement {
  /** ISO time. */
  readonly measuredAt: string;
}

/** Where the figures of all machines and runtimes are kept that share the cache. */
export function calibrationFolder(): string {
  return join(cacheFolder(), "calibration");
}

/** Where the figures of this machine and runtime are kept. */
export function calibrationPath({ device, folder }: Pick<InstalledRuntime, "device" | "folder">): string {
  const key = JSON.stringify([
    processorName(),
    cpus().length,
    device,
    // Named by libtensorflow's version and the sum of dlctl's own operations.
    basename(folder),
    process.env.DLCTL_NATIVE_OPS,
    process.env.TF_NUM_INTRAOP_THREADS,
  ]);
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 12);
  return join(calibrationFolder(), `${device}-${hash}.json`);
}

export const processorName = (): string => cpus()[0]?.model.trim() ?? "unknown processor";

/** What was measured before; undefined where nothing was, or it can't be read: it can be measured again. */
export async function readCalibration(path: string): Promise<Calibration | undefined> {
  try {
    const stored = storedSchema.safeParse(JSON.parse(await readFile(path, "utf8")));
    return stored.success ? (stored.data as unknown as Calibration) : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps it for the next time. A cache that can't be written is no reason to fail: false then. */
export async function storeCalibration(path: string, measurement: Measurement): Promise<boolean> {
  const draft = `${path}.${process.pid}`;
  const stored = { version, processor: processorName(), measuredAt: new Date().toISOString(), ...measurement };
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, `${JSON.stringify(stored, null, 2)}\n`);
    await rename(draft, path);
    // Another process may be at the same.
    await removeOldest(dirname(path)).catch(() => undefined);
    return true;
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
    return false;
  }
}

/** Each version of dlctl's operations has figures of its own: those that were measured longest ago go. */
async function removeOldest(folder: string): Promise<void> {
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  const files = await Promise.all(paths.map(async (path) => ({ path, changed: (await stat(path)).mtimeMs })));
  const old = files.sort((a, b) => b.changed - a.changed).slice(mostKept);
  for (const { path } of old) await rm(path, { force: true });
}
