// `npm run check`: everything a change must pass, one after the other; the exit code is 1 if any fails.
// `--no-tests` leaves the tests out, for callers that run them themselves.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = (path) => join("node_modules", path);

const steps = [
  ["types", bin("typescript/bin/tsc"), "--noEmit"],
  ["lint", bin("@biomejs/biome/bin/biome"), "check", "."],
  ["import rules", bin("dependency-cruiser/bin/dependency-cruise.mjs"), "src", "--config", ".dependency-cruiser.cjs"],
  ["unused exports", bin("knip/bin/knip.js")],
  ["lock file", "scripts/complete-lock.mjs", "--check"],
  ["licences and sums", "scripts/licences.mjs", "--check"],
  ["docs drift", "scripts/docs.mjs", "--check"],
  ["tests", bin("jest/bin/jest.js")],
];

/** Runs the checks and returns the names of those that failed and of those that passed. */
export function runChecks({ isWithTests }) {
  const passed = [];
  const failed = [];
  for (const [name, script, ...args] of steps) {
    if (name === "tests" && !isWithTests) continue;
    if (name === "docs drift" && !existsSync(join(root, script))) continue;
    console.error(`\n> ${name}`);
    const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: "inherit" });
    (status === 0 ? passed : failed).push(name);
  }
  return { passed, failed };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed } = runChecks({ isWithTests: !process.argv.includes("--no-tests") });
  console.error(`\npassed: ${passed.join(", ") || "none"}`);
  if (failed.length > 0) console.error(`failed: ${failed.join(", ")}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
