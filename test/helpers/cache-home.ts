import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { findInstalledRuntime } from "../../src/runtime/installed-runtime";
import { findStaleRuntimes } from "../../src/runtime/provision/stale-runtimes";

/** Makes a folder for `XDG_CACHE_HOME`, of a test's own, in which the machine's runtime can be found. */
export function makeCacheHome(home: string): string {
  mkdirSync(join(home, "dlctl"), { recursive: true });
  const runtime = findInstalledRuntime("cpu");
  if (runtime) {
    const cache = dirname(runtime.folder);
    const stale = findStaleRuntimes(cache).map((path) => basename(path));
    const names = readdirSync(cache).filter((name) => /^(addon|libtensorflow)-/.test(name) && !stale.includes(name));
    for (const name of names) symlinkSync(join(cache, name), join(home, "dlctl", name));
  }
  return home;
}
