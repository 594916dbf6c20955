import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder";
import { readAddonSources } from "../installed-runtime";
import { packageFolder } from "../package-folders";
import type { DeviceName } from "../start-runtime";
import { tf } from "../tf";
import { examineRuntimes, type RuntimeReport } from "./examine-runtimes";
import { type SystemFacts, systemFacts } from "./system-facts";

/** Environment variables that decide how many threads compute, and those that change what is computed. */
const threadVariables = [
  ...["TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "UV_THREADPOOL_SIZE", "MALLOC_ARENA_MAX"],
  ...["TF_ENABLE_ONEDNN_OPTS", "CUDA_VISIBLE_DEVICES"],
] as const;

export interface Diagnosis {
  /** What `--device auto` uses. */
  readonly device: DeviceName;
  readonly reason: string;
  readonly runtimes: readonly RuntimeReport[];
  /** By name; null for what is not there. */
  readonly versions: Readonly<Record<string, string | null>>;
  readonly system: SystemFacts;
  /** The variables that are set; by default there is a thread for each core, and four for decoding images. */
  readonly threads: Readonly<Record<string, string | null>>;
  readonly cache: { readonly path: string; readonly exists: boolean };
}

/** Examines this machine. `versions` are added to those of the runtime. Never throws for anything that is missing. */
export async function diagnose(versions: Readonly<Record<string, string | null>> = {}): Promise<Diagnosis> {
  const system = systemFacts();
  const runtimes = await examineRuntimes(system.hasNvidiaDriver);
  const best = runtimes.find(({ available }) => available);
  const passedOver = runtimes.slice(0, best ? runtimes.indexOf(best) : undefined);
  const cache = cacheFolder();
  return {
    device: best?.device ?? "js",
    reason: passedOver.map(({ device, problem }) => `no ${device}: ${problem}`).join("; ") || "the best there is",
    runtimes,
    versions: {
      node: process.versions.node,
      dlctl: ownVersion(),
      tfjs: tf.version.tfjs,
      tfjsNode: attempt(() => readAddonSources().tfjsNode),
      libtensorflow: runtimes.find(({ device, available }) => available && device !== "js")?.version ?? null,
      ...versions,
    },
    system,
    threads: Object.fromEntries(threadVariables.map((name) => [name, process.env[name] ?? null])),
    cache: { path: cache, exists: existsSync(cache) },
  };
}

function ownVersion(): string | null {
  return attempt(() => JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")).version);
}

function attempt(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
