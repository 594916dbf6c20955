// `npm run fuzz -- --seconds 600`: the fuzz tests for longer, with inputs that are new each time. Each property gets an
// equal part of the time, one after the other. `-t "IDX"` keeps those whose name has it. The exit code is 1 if one fails; the
// report then holds the smallest input that does, and the seed that finds it again.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** As many as there are; only the division of the time depends on it. */
const properties = 21;

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "600" }, t: { type: "string", short: "t" } },
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) {
  console.error(`--seconds takes a number above 0, not ${JSON.stringify(values.seconds)}.`);
  process.exit(2);
}
const each = values.t === undefined ? seconds / properties : seconds;
const jest = [join("node_modules", "jest", "bin", "jest.js"), "test/unit/fuzz", "--runInBand"];
const { status, error } = spawnSync(process.execPath, [...jest, ...(values.t ? ["-t", values.t] : [])], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, DLCTL_FUZZ_SECONDS: String(each) },
  // An input that is worked on for ever is a failure, too: nothing in the process could stop it.
  timeout: (seconds + 300) * 1000,
});
if (error) console.error(`It did not end in time: an input hangs (${error.message}).`);
process.exitCode = status ?? 1;
