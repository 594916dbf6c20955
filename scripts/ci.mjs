// What .ci/run calls: the README's `npm test`, then the other checks. The last line counts tests and checks together:
// `N passed, N failed, N skipped`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChecks } from "./check.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The counts of `npm test`; a test file that does not even load counts as one failure. */
function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "dlctl-ci-"));
  const report = join(folder, "jest.json");
  try {
    const args = ["test", "--", "--ci", "--json", `--outputFile=${report}`];
    const { status } = spawnSync("npm", args, { cwd: root, stdio: "inherit", env: { ...process.env, CI: "true" } });
    const result = JSON.parse(readFileSync(report, "utf8"));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return {
      passed: result.numPassedTests,
      // Never a green count with a red exit.
      failed: status === 0 ? failed : Math.max(failed, 1),
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch (error) {
    console.error(`npm test gave no report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const tests = runTests();
const checks = runChecks({ isWithTests: false });
if (checks.failed.length > 0) console.error(`\nfailed checks: ${checks.failed.join(", ")}`);
const passed = tests.passed + checks.passed.length;
const failed = tests.failed + checks.failed.length;
// stderr is drained first, so that the line stands alone at the end where both streams go to one log.
process.stderr.write("\n", () => {
  const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : "";
  console.log(`${passed} passed, ${failed} failed${skipped}`);
});
process.exitCode = failed === 0 ? 0 : 1;
