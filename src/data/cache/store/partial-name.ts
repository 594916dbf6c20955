import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { isProcessAlive } from "../../../shared/is-process-alive";

/** Ending of finished segments. */
export const segmentEnding = ".pixels";

const partialEnding = ".partial";

/** After this time a file that was never finished is nobody's, whatever host has begun it. */
const abandonedMilliseconds = 24 * 60 * 60_000;

/** A name for a segment that this process writes. */
export function partialName(): string {
  return `${process.pid}@${hostname()}@${randomUUID()}${partialEnding}`;
}

export function isPartialName(name: string): boolean {
  return name.endsWith(partialEnding);
}

/** Whether `name` is a segment that was begun and whose process is gone. */
export function isAbandoned(name: string, modified: number): boolean {
  if (!isPartialName(name)) return false;
  if (Date.now() - modified > abandonedMilliseconds) return true;
  const [pid, host] = name.split("@");
  return host === hostname() && !isProcessAlive(Number(pid));
}
