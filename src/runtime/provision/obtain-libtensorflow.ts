import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError, UserError } from "../../shared/errors";
import { libraryPrefix } from "./cache-names";
import { explainIoError } from "./explain-io-error";
import { obtainFromFolder } from "./folder-route";
import { obtainFromInstaller } from "./installer-route";
import { obtainFromPip } from "./pip-route";
import type { ProvisionOptions, Workplace } from "./provision-options";
import { requireSpace } from "./require-space";
import { gpuWheelPins, wheelPins } from "./wheel-pins";

/** libtensorflow unpacked, the wheel beside it while that happens. */
const neededBytes = { cpu: 1.3e9, gpu: 2.2e9 } as const;

/** Beside the library: what it is and where it is from. */
export const libraryRecordName = "libtensorflow.json";

const routeNames = { pip: "pip", installer: "TensorFlow.js's installer" } as const;

type Route = keyof typeof routeNames;

/** A route that was tried, and why it failed, in a line. */
export interface RouteFailure {
  readonly route: Route;
  readonly problem: string;
}

export interface ObtainedLibtensorflow {
  /** In the workplace's staging folder, or in the cache where it is from an earlier set-up. */
  readonly folder: string;
  /** For people. */
  readonly source: string;
  readonly failures: readonly RouteFailure[];
}

/**
 * libtensorflow's library and headers: those of an earlier set-up, or of the folder that is named, or through the routes that there are for
 * the device, one after the other. Throws EnvironmentError that says what each route lacked.
 */
export async function obtainLibtensorflow(place: Workplace, options: ProvisionOptions): Promise<ObtainedLibtensorflow> {
  return (await reuse(place.cache, options)) ?? (await obtain(place, options));
}

/** A libtensorflow got for an earlier dlctl: only the addon is missing. */
async function reuse(cache: string, options: ProvisionOptions): Promise<ObtainedLibtensorflow | undefined> {
  const { from, isForced, reporter, device = "cpu" } = options;
  if (from !== undefined || isForced) return undefined;
  const name = (await readdir(cache)).filter((entry) => entry.startsWith(libraryPrefix(device))).at(-1);
  if (!name) return undefined;
  try {
    const record = JSON.parse(await readFile(join(cache, name, libraryRecordName), "utf8"));
    reporter.note(`Using the libtensorflow that is in the cache: ${name}`);
    return { folder: join(cache, name), source: String(record.source), failures: [] };
  } catch {
    return undefined;
  }
}

async function obtain({ cache, staging }: Workplace, options: ProvisionOptions): Promise<ObtainedLibtensorflow> {
  const { from, reporter, signal, device = "cpu" } = options;
  const hint = "Make room there, or name another folder in XDG_CACHE_HOME.";
  await requireSpace(cache, neededBytes[device], "Set-up needs", hint);
  const folder = join(staging, "libtensorflow");
  if (from !== undefined) {
    return { folder, source: await obtainFromFolder(from, folder, reporter, signal), failures: [] };
  }
  const work = join(staging, "work");
  const failures: RouteFailure[] = [];
  const routes = {
    pip: () => obtainFromPip(folder, work, reporter, signal, device === "gpu" ? gpuWheelPins : wheelPins),
    installer: () => obtainFromInstaller(folder, work, reporter, signal),
  };
  // What TensorFlow.js's installer has for GPUs needs CUDA 11 and does not run on current ones.
  for (const route of device === "gpu" ? (["pip"] as const) : (["pip", "installer"] as const)) {
    try {
      return { folder, source: await routes[route](), failures };
    } catch (error) {
      // A full disk or an unwritable cache is the same for every route.
      if (signal?.aborted || error instanceof UserError || explainIoError(error, cache) !== error) throw error;
      const problem = (error as Error).message;
      failures.push({ route, problem });
      reporter.note(`Not through ${routeNames[route]}: ${problem}`);
      await rm(folder, { recursive: true, force: true });
    }
  }
  const lines = failures.map(({ route, problem }) => `  ${routeNames[route]}: ${problem}`);
  throw new EnvironmentError(["Can't get libtensorflow", ...lines].join("\n"), {
    hint:
      device === "gpu"
        ? "Mend it, or name a folder that holds it: dlctl setup --device gpu --from <folder>. Until then --device cpu works."
        : "Mend one of these, or name a folder that holds it: dlctl setup --from <folder>. Until then --device js works, slowly.",
  });
}
