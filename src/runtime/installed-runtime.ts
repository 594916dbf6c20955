import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "./cache-folder";
import type { CudaInstallation } from "./cuda/cuda-libraries";
import { vendorFolder } from "./package-folders";

export type NativeDevice = "gpu" | "cpu";

/** What the addon is built from; `scripts/build.mjs` writes it to dist/vendor/addon.json. */
export interface AddonSources {
  /** Version of tfjs-node whose C++ sources these are. */
  readonly tfjsNode: string;
  /** Hash of all sources: an addon built from others is not loaded. */
  readonly hash: string;
  /** The same of the addon for GPUs, to which gpu-native belongs. */
  readonly gpuHash: string;
}

/** A native runtime that `dlctl setup` has made: an addon linked to a libtensorflow beside it. */
export interface InstalledRuntime {
  readonly device: NativeDevice;
  readonly folder: string;
  readonly addonPath: string;
  readonly heldStderrPath: string;
  readonly blockedSignalsPath: string;
  /** The addon that reads small photographs; not there where it could not be compiled. */
  readonly photosPath: string;
  readonly libtensorflow: string;
  /** Where libtensorflow was taken from, for people: "pip wheel tensorflow-cpu 2.21.0". */
  readonly source: string;
  /** Why set-up could not compile dlctl's own operations; undefined where it has. */
  readonly ownOpsProblem: string | undefined;
  /** The addon that loads CUDA's libraries; there only for a GPU. */
  readonly cudaAddonPath: string;
  /** Undefined for the CPU. */
  readonly cuda: CudaInstallation | undefined;
}

/** The file that marks an addon folder as complete. */
export const addonRecordName = "addon.json";

export function readAddonSources(): AddonSources {
  return JSON.parse(readFileSync(join(vendorFolder, "addon.json"), "utf8")) as AddonSources;
}

/** `addon-cpu-linux-x64-`: what the names of all addon folders of this platform start with, whatever dlctl they are of. */
export const platformAddonPrefix = (device: NativeDevice) => `addon-${device}-${process.platform}-${process.arch}-`;

/** `addon-cpu-linux-x64-4.22.0-1a2b3c4d-`: what the names of all addon folders usable by this dlctl start with. */
export function addonFolderPrefix(device: NativeDevice, sources = readAddonSources()): string {
  return `${platformAddonPrefix(device)}${sources.tfjsNode}-${device === "gpu" ? sources.gpuHash : sources.hash}-`;
}

/** The native runtime last set up for `device` in the user's cache, or undefined. Reads two small files. */
export function findInstalledRuntime(device: NativeDevice): InstalledRuntime | undefined {
  const cache = cacheFolder();
  const prefix = addonFolderPrefix(device);
  const found = namesIn(cache)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(cache, name))
    .map((folder) => ({ folder, changed: modified(join(folder, addonRecordName)) }))
    .filter(({ changed }) => changed > 0)
    .sort((a, b) => b.changed - a.changed)
    .map(({ folder }) => readRuntime(device, folder));
  return found.find((runtime) => runtime !== undefined);
}

function readRuntime(device: NativeDevice, folder: string): InstalledRuntime | undefined {
  try {
    const record = JSON.parse(readFileSync(join(folder, addonRecordName), "utf8"));
    return {
      device,
      folder,
      addonPath: join(folder, "tfjs_binding.node"),
      heldStderrPath: join(folder, "held_stderr.node"),
      blockedSignalsPath: join(folder, "blocked_signals.node"),
      photosPath: join(folder, "photos.node"),
      libtensorflow: String(record.libtensorflow),
      source: String(record.source),
      ownOpsProblem: record.ownOpsProblem === undefined ? undefined : String(record.ownOpsProblem),
      cudaAddonPath: join(folder, "cuda.node"),
      cuda: record.cuda && withPaths(record.cuda as CudaInstallation, folder),
    };
  } catch {
    return undefined;
  }
}

/** Libraries in the cache are recorded relative to the addon, so that a cache can be copied. */
function withPaths(cuda: CudaInstallation, folder: string): CudaInstallation {
  return { ...cuda, libraries: cuda.libraries.map((library) => ({ ...library, path: resolve(folder, library.path) })) };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
