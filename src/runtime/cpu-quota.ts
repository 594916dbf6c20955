import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";

/**
 * How many threads can compute at once in this process: the cores it may run on (affinity), and no more than the time that
 * its control groups grant it, rounded up: a container with 1.5 CPUs has 2. At least 1. `root` is where /proc and /sys
 * are looked for.
 */
export function usableCpus(root = "/"): number {
  const cores = availableParallelism();
  return Math.min(cores, Math.max(1, Math.ceil(cpuQuota(root) ?? cores)));
}

/**
 * CPUs' worth of time that the control groups of this process grant it, by cgroup v2's cpu.max or v1's cfs_quota_us; the
 * least of a group and those around it. Undefined where there is no limit, or it can't be told. Node.js does not look.
 */
export function cpuQuota(root = "/"): number | undefined {
  const quotas = groupsOf(root).flatMap(({ version, folders }) =>
    folders.map((folder) => (version === 2 ? readUnified(folder) : readLegacy(folder))),
  );
  const limits = quotas.filter((quota) => quota !== undefined);
  return limits.length > 0 ? Math.min(...limits) : undefined;
}

interface Groups {
  readonly version: 1 | 2;
  /** Of this process's group and all around it. */
  readonly folders: readonly string[];
}

/** By /proc/self/cgroup, whose lines are `number:controllers:path`; version 2 has number 0 and no controllers. */
function groupsOf(root: string): Groups[] {
  const lines = read(join(root, "proc/self/cgroup"))?.trim().split("\n") ?? [];
  return lines.flatMap((line): Groups[] => {
    const [, number, controllers = "", path = "/"] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (number === "0" && controllers === "")
      return [{ version: 2, folders: upwards(join(root, "sys/fs/cgroup"), path) }];
    if (!controllers.split(",").includes("cpu")) return [];
    // Mounted under the names of its controllers, one of them being a link, in whatever order.
    const mounts = [...new Set([controllers, "cpu", "cpu,cpuacct", "cpuacct,cpu"])];
    return mounts.map((mount) => ({ version: 1, folders: upwards(join(root, "sys/fs/cgroup", mount), path) }));
  });
}

/** A path that leads out of the mount is one of the host, which a container can't see: its own group is the mount itself. */
function upwards(mount: string, path: string): string[] {
  const folders = [mount];
  for (let at = join("/", path); at !== "/"; at = dirname(at)) folders.push(join(mount, at));
  return folders;
}

/** `cpu.max`: "150000 100000" is 1.5; "max 100000" no limit. */
function readUnified(folder: string): number | undefined {
  const [quota, period] = read(join(folder, "cpu.max"))?.trim().split(/\s+/).map(Number) ?? [];
  return ratio(quota, period);
}

/** A quota of -1 is no limit. */
function readLegacy(folder: string): number | undefined {
  return ratio(number(join(folder, "cpu.cfs_quota_us")), number(join(folder, "cpu.cfs_period_us")));
}

function ratio(quota = Number.NaN, period = Number.NaN): number | undefined {
  return quota > 0 && period > 0 ? quota / period : undefined;
}

function number(path: string): number | undefined {
  const text = read(path)?.trim();
  return text ? Number(text) : undefined;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
