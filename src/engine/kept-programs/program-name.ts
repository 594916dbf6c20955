import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readAddonSources } from "../../runtime/installed-runtime";
import { packageFolder } from "../../runtime/package-folders";
import { programEnding } from "./program-folder";

/** A model whose dlctl.json has the SHA-256 sum `sum`. */
export interface KeptModel {
  readonly sum: string;
}

/**
 * The name under which a model's program is kept: of all that the model is (weights, layers, preprocessing), of this version of dlctl,
 * and of the operations that a program is made of. What is changed anywhere has another name, so that nothing old is found.
 */
export function programName({ sum }: KeptModel): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const parts = [sum, version, readAddonSources().hash];
  return `${createHash("sha256").update(parts.join(" ")).digest("hex").slice(0, 32)}${programEnding}`;
}
