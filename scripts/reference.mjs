// `npm run reference`: trains every config of configs/reference with several seeds through the command line, and writes
// what they reach into docs/reference-results.md. The test split is read once for each seed, when its training is over;
// nothing is chosen by it.
//
//   npm run reference -- [--seeds 3] [--only fashion-mnist-cnn] [--device cpu]
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeResults } from "./reference/results-table.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join("configs", "reference");
const page = join(root, "docs", "reference-results.md");

const known = readdirSync(join(root, folder))
  .filter((name) => name.endsWith(".json"))
  .map((name) => basename(name, ".json"));

function fail(problem, advice, code = 2) {
  console.error(`${problem}\n  ${advice}`);
  process.exit(code);
}

function readOptions() {
  try {
    const options = { seeds: { type: "string", default: "3" }, only: { type: "string" }, device: { type: "string" } };
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(error.message, "npm run reference -- [--seeds 3] [--only <config>] [--device gpu|cpu|js]");
  }
}

const { seeds, only, device } = readOptions();
if (!/^[1-9]\d*$/.test(seeds)) fail(`--seeds ${seeds} is not a number of runs.`, "For example: --seeds 3");
if (only && !known.includes(only)) fail(`There is no reference config "${only}".`, `Known: ${known.join(", ")}`);

/** Runs a command that prints JSON lines; returns them. Its progress is shown. Ends this process when it fails. */
function dlctl(...args) {
  console.error(`\n$ dlctl ${args.join(" ")}`);
  const { status, stdout } = spawnSync(process.execPath, ["bin/dlctl", ...args, "--json"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 30,
  });
  if (status === 4) {
    fail("The data of this config can't be read.", "Unpack the downloads first: npm run prepare-data -- <folder>", 4);
  }
  if (status !== 0) process.exit(status ?? 1);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function runSeed(name, seed) {
  const model = join("models", "reference", `${name}-seed-${seed}`);
  const chosenDevice = device ? ["--device", device] : [];
  const config = join(folder, `${name}.json`);
  const events = dlctl("train", config, "--out", model, "--overwrite", "--seed", String(seed), ...chosenDevice);
  const done = events.at(-1);
  const [evaluation] = dlctl("evaluate", model, "--split", "test", ...chosenDevice);
  return {
    seed,
    seconds: done.seconds,
    device: done.device,
    validation: done.metrics.val_accuracy,
    test: evaluation.metrics.accuracy,
  };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const digits = (value) => value.toFixed(4);

function summarize(name, runs, parameters) {
  const best = runs.reduce((chosen, run) => (run.validation > chosen.validation ? run : chosen));
  const tests = runs.map(({ test }) => test);
  const processor =
    runs[0].device === "gpu" ? "" : `, ${availableParallelism()} x ${cpus()[0]?.model.trim() ?? "unknown"}`;
  return {
    name,
    cells: [
      String(parameters),
      digits(mean(tests)),
      runs.map(({ seed, test }) => `${digits(test)} (seed ${seed})`).join(", "),
      `seed ${best.seed}: ${digits(best.validation)} in validation, ${digits(best.test)} in test`,
      `${Math.round(mean(runs.map(({ seconds }) => seconds)))} s`,
      `${runs[0].device}${processor}`,
      new Date().toISOString().slice(0, 10),
      `\`npm run reference -- --only ${name} --seeds ${runs.length}\``,
    ],
  };
}

for (const name of only ? [only] : known) {
  const { seed: firstSeed = 0 } = JSON.parse(readFileSync(join(root, folder, `${name}.json`), "utf8"));
  const [inspection] = dlctl("inspect", join(folder, `${name}.json`));
  const runs = Array.from({ length: Number(seeds) }, (_, offset) => runSeed(name, firstSeed + offset));
  // After each config, so that what is there stays when a later one fails.
  const row = summarize(name, runs, inspection.parameters?.total ?? inspection.parameters);
  writeResults(page, [row]);
  console.log(`${name}: ${row.cells.join("; ")}`);
}
