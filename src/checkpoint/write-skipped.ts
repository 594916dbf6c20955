import { join } from "node:path";
import { writeFileSynced } from "./atomic-file";
import { writing } from "./explain-write-error";
import { runFiles } from "./run-folder";

/** Lists in the folder of a new run, a line each, the examples that were left out; writes nothing where there are none. */
export async function writeSkipped(
  run: string,
  skipped: readonly { readonly origin: string; readonly reason: string }[] = [],
): Promise<void> {
  if (skipped.length === 0) return;
  const lines = skipped.map(({ origin, reason }) => `${JSON.stringify({ file: origin, reason })}\n`);
  const path = join(run, runFiles.skipped);
  await writing(path, () => writeFileSynced(path, lines.join("")));
}
