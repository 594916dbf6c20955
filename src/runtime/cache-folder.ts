import { homedir, platform } from "node:os";
import { join } from "node:path";

/**
 * Where dlctl keeps what it can make again, outside every project: `$XDG_CACHE_HOME/dlctl`, else `~/Library/Caches/dlctl`
 * on macOS and `~/.cache/dlctl` elsewhere. The folder may not exist.
 */
export function cacheFolder(): string {
  const xdg = process.env.XDG_CACHE_HOME;
  // The XDG specification: a relative path is to be ignored.
  if (xdg?.startsWith("/")) return join(xdg, "dlctl");
  return platform() === "darwin" ? join(homedir(), "Library", "Caches", "dlctl") : join(homedir(), ".cache", "dlctl");
}

/** Where V8's compiled code of dlctl's own files is kept. */
export function codeCacheFolder(): string {
  return join(cacheFolder(), "code");
}
