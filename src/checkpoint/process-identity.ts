import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { isProcessAlive } from "../shared/is-process-alive";

/** A process, told apart from a later one of the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it started, as the system counts it; null where the system does not say. */
  readonly startedAt: string | null;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), startedAt: startOf(process.pid) };
}

/**
 * Whether that process lives; undefined when it is on another machine, which can't be asked. A process of this number that
 * started at another time is another one: in a container the number is often the same after a restart.
 */
export function isAlive({ pid, host, startedAt }: ProcessIdentity): boolean | undefined {
  if (host !== hostname()) return undefined;
  if (startedAt !== null) return startOf(pid) === startedAt;
  if (pid === process.pid) return false;
  return isProcessAlive(pid);
}

/** Linux: the boot's id and the start in clock ticks since boot, field 22 of /proc/<pid>/stat. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[19] === undefined ? null : `${boot}:${fields[19]}`;
  } catch {
    return null;
  }
}
