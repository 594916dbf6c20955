import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writing } from "../checkpoint/explain-write-error";

/** Puts JSON lines into a file in a folder of its own, which the caller removes. Throws EnvironmentError where it can't. */
export async function writeTemporaryTable(text: string): Promise<{ readonly path: string; readonly folder: string }> {
  return writing(tmpdir(), async () => {
    const folder = await mkdtemp(join(tmpdir(), "dlctl-rows-"));
    const path = join(folder, "rows.jsonl");
    await writeFile(path, text);
    return { path, folder };
  });
}
