// What dist/ was built from, so that nothing is built twice. Only Node's own modules: bootstrap uses it too.
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The file in dist/ that holds the state it was built from. */
export const stampName = ".built-from";

/** Paths, sizes and times of everything that is built from. */
export function sourceState() {
  const files = ["package-lock.json", "scripts/build.mjs", "tsconfig.json"];
  for (const folder of ["src", "scripts/build"]) {
    for (const entry of readdirSync(join(root, folder), { recursive: true })) files.push(join(folder, entry));
  }
  const lines = files.sort().map((file) => {
    const info = statSync(join(root, file));
    return info.isDirectory() ? file : `${file} ${info.size} ${info.mtimeMs}`;
  });
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
