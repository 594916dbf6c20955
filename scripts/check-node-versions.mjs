// Runs the smoke test on each Node.js version dlctl supports, taken from the npm registry; the native runtime must be
// set up. `npm run check:node-versions [version...]`; each version is a download of about 50 MB.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { dlctlRunner, smokeTest } from "./smoke.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const asked = process.argv.slice(2);
const versions = asked.length > 0 ? asked : ["20", "22", "24", "26"];
// What the `node` package installs by a script, which we never run: the binary of one platform.
const packageName = `node-${process.platform}-${process.arch}`;
let failures = 0;

for (const version of versions) {
  const folder = mkdtempSync(join(tmpdir(), `dlctl-node-${version}-`));
  try {
    const install = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder];
    execFileSync("npm", [...install, `${packageName}@${version}`], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const work = join(folder, "work");
    mkdirSync(work);
    const node = join(folder, "node_modules", packageName, "bin", "node");
    const started = performance.now();
    const env = { ...process.env, NODE_PATH: "" };
    const dlctl = dlctlRunner([node, join(root, "bin", "dlctl")], { env, cwd: work });
    const { versions: found } = await smokeTest(dlctl, work, "cpu");
    console.log(`Node ${found.node}: works, ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } catch (error) {
    failures++;
    console.error(`Node ${version}: ${error.message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exitCode = failures === 0 ? 0 : 1;
