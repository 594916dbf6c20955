import { resolve } from "node:path";
import { cacheFolder } from "../runtime/cache-folder";
import { provisionRuntime } from "../runtime/provision/provision";
import { removeRuntimes } from "../runtime/provision/remove-runtime";
import { EnvironmentError, UsageError } from "../shared/errors";
import type { CommandContext } from "./context";

export interface SetupOptions {
  /** A folder with libtensorflow, relative to the current one. */
  readonly from?: string;
  readonly device?: string;
  readonly force?: boolean;
  readonly remove?: boolean;
}

/** `dlctl setup`: makes the native runtime ready in the user's cache, or takes it away. */
export async function setupCommand(context: CommandContext, options: SetupOptions): Promise<void> {
  requireKnownDevice(options.device ?? "cpu");
  if (options.remove) {
    if (options.from !== undefined || options.force) {
      throw new UsageError("--remove can't be combined with --from or --force");
    }
    await remove(context);
    return;
  }
  const startedAt = performance.now();
  const { runtime, isNew, failures } = await provisionRuntime({
    reporter: context,
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
  await context.json({ device, libtensorflow, source, path: folder, isNew, seconds, failures });
}

async function remove(context: CommandContext): Promise<void> {
  const { paths, bytes } = await removeRuntimes();
  if (paths.length === 0) context.print(`There is nothing to remove in ${cacheFolder()}`);
  for (const path of paths) context.print(`Removed ${path}`);
  if (paths.length > 0) context.print(`${(bytes / 1e6).toFixed(0)} MB are free again`);
  await context.json({ removed: paths, bytes });
}

function requireKnownDevice(device: string): void {
  if (device === "cpu") return;
  if (device === "gpu") {
    throw new EnvironmentError("This version of dlctl can't set up a GPU runtime", {
      hint: "Set up the CPU runtime: dlctl setup",
    });
  }
  throw new UsageError(device === "js" ? "The js device needs no set-up" : `Unknown device "${device}"; expected cpu`, {
    hint: "Run dlctl setup without --device.",
  });
}
