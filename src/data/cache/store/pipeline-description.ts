import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { partialName } from "./partial-name";

/** In each pipeline's folder: what made the pixels there, for people. */
const descriptionName = "pipeline.json";

/** Failures don't matter: the folder's name alone decides what is found. */
export function describePipeline(folder: string, description: object): void {
  const partial = join(folder, partialName());
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(partial, `${JSON.stringify(description)}\n`, { mode: 0o600 });
    renameSync(partial, join(folder, descriptionName));
  } catch {
    rmSync(partial, { force: true });
  }
}

/** Undefined when there is none, or it can't be read. */
export function readPipelineDescription(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, descriptionName), "utf8"));
  } catch {
    return undefined;
  }
}
