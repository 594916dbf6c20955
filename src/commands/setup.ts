import { resolve } from "node:path";
import { cacheFolder } from "../runtime/cache-folder";
import type { InstalledRuntime, NativeDevice } from "../runtime/installed-runtime";
import { probeGpu } from "../runtime/probe-gpu";
import { provisionRuntime } from "../runtime/provision/provision";
import { removeRuntimes } from "../runtime/provision/remove-runtime";
import { UsageError } from "../shared/errors";
import type { CommandContext } from "./context";

export interface SetupOptions {
  /** A folder with libtensorflow, relative to the current one. */
  readonly from?: string;
  readonly device?: string;
  /** A folder with CUDA libraries, relative to the current one, or `pip`. */
  readonly cuda?: string;
  readonly force?: boolean;
  readonly remove?: boolean;
}

/** `dlctl setup`: makes the native runtime ready in the user's cache, or takes it away. */
export async function setupCommand(context: CommandContext, options: SetupOptions): Promise<void> {
  const wanted = requireKnownDevice(options.device ?? "cpu");
  if (options.remove) {
    if (options.from !== undefined || options.cuda !== undefined || options.force) {
      throw new UsageError("--remove can't be combined with --from, --cuda or --force");
    }
    await remove(context, options.device === undefined ? undefined : wanted);
    return;
  }
  if (options.cuda !== undefined && wanted !== "gpu") throw new UsageError("--cuda goes with --device gpu");
  const startedAt = performance.now();
  const { runtime, isNew, failures } = await provisionRuntime({
    reporter: context,
    device: wanted,
    cuda: options.cuda === undefined || options.cuda === "pip" ? options.cuda : resolve(options.cuda),
    from: options.from === undefined ? undefined : resolve(options.from),
    isForced: options.force ?? false,
    signal: context.signal,
  });
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const { device, folder, libtensorflow, source } = runtime;
  context.print(
    isNew
      ? `The ${device} runtime is ready: libtensorflow ${libtensorflow} (${source}), in ${seconds} s`
      : `The ${device} runtime is there already: libtensorflow ${libtensorflow} (${source}); --force makes it anew`,
  );
  context.print(`  in ${folder}`);
  const { cuda } = runtime;
  if (cuda) context.print(`  with the CUDA libraries of ${cuda.source}`);
  await context.json({ device, libtensorflow, source, path: folder, isNew, seconds, failures, ...(cuda && { cuda }) });
  if (cuda) await warnWithoutGpu(context, runtime);
}

/** It may be made on a machine without a GPU for one that has one, so that is no failure. */
async function warnWithoutGpu(context: CommandContext, runtime: InstalledRuntime): Promise<void> {
  const { isUsable, problem, fix } = await probeGpu(runtime);
  if (!isUsable) context.warn(`It can't compute on a GPU here yet: ${problem}. To mend it: ${fix}`);
}

async function remove(context: CommandContext, device: NativeDevice | undefined): Promise<void> {
  const { paths, bytes } = await removeRuntimes(device);
  if (paths.length === 0) context.print(`There is nothing to remove in ${cacheFolder()}`);
  for (const path of paths) context.print(`Removed ${path}`);
  if (paths.length > 0) context.print(`${(bytes / 1e6).toFixed(0)} MB are free again`);
  await context.json({ removed: paths, bytes });
}

function requireKnownDevice(device: string): NativeDevice {
  if (device === "cpu" || device === "gpu") return device;
  throw new UsageError(
    device === "js" ? "The js device needs no set-up" : `Unknown device "${device}"; expected cpu or gpu`,
    { hint: "Run dlctl setup without --device, or with --device gpu." },
  );
}
