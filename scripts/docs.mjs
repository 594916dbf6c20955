// Generates docs/config.md from the lists of kinds, so that it can't be wrong. `--check` writes nothing and ends with 1 when
// the file differs from what it should be.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { configReference } from "./docs/config-reference.mjs";
import { loadKinds } from "./docs/load-kinds.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const path = join(root, "docs", "config.md");

const text = configReference(await loadKinds(root));
if (!process.argv.includes("--check")) {
  writeFileSync(path, text);
  console.error("Wrote docs/config.md");
} else if (readOrEmpty(path) !== text) {
  console.error("docs/config.md is not what the sources say. Write it anew: npm run docs");
  process.exitCode = 1;
}

function readOrEmpty(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
