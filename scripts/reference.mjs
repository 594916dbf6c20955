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
  const evaluateOn = (...data) => dlctl("evaluate", model, ...data, ...chosenDevice)[0].metrics;
  const metrics = evaluateOn("--split", "test");
  const others = otherTests[name] ?? {};
  return {
    seed,
    seconds: done.seconds,
    device: done.device,
    validation: done.metrics,
    metrics,
    others: Object.entries(others).map(([title, path]) => [title, evaluateOn(path)]),
  };
}

/** Test files beside the config's own, by what they are. */
const otherTests = { "sms-spam-gru": { "messages that training does not repeat": "data/sms-spam/test-new.tsv" } };

/** What is reported of a config, the first that it has; `validation` decides between seeds. */
const figures = [
  { name: "accuracy", title: "accuracy", validation: "val_accuracy", sign: 1 },
  { name: "natsPerToken", title: "nats per token", validation: "val_loss", sign: -1 },
  { name: "maeInOriginalUnits", title: "MAE, original units", validation: "val_loss", sign: -1 },
];

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const digits = (value) => value.toFixed(4);

function summarize(name, runs, parameters) {
  const { name: metric, title, validation, sign } = figures.find(({ name }) => name in runs[0].metrics);
  const validated = runs.filter((run) => Number.isFinite(run.validation[validation]));
  const best = validated.reduce(
    (chosen, run) =>
      chosen && sign * chosen.validation[validation] >= sign * run.validation[validation] ? chosen : run,
    undefined,
  );
  const tests = runs.map(({ metrics }) => metrics[metric]);
  const processor =
    runs[0].device === "gpu" ? "" : `, ${availableParallelism()} x ${cpus()[0]?.model.trim() ?? "unknown"}`;
  return {
    name,
    cells: [
      String(parameters),
      title,
      digits(mean(tests)),
      runs.map(({ seed }, index) => `${digits(tests[index])} (seed ${seed})`).join(", "),
      best
        ? `seed ${best.seed}: ${digits(best.validation[validation])} in validation, ${digits(best.metrics[metric])} in test`
        : "no validation split",
      describeOthers(runs, metric) || "-",
      `${Math.round(mean(runs.map(({ seconds }) => seconds)))} s`,
      `${runs[0].device}${processor}`,
      new Date().toISOString().slice(0, 10),
      `\`npm run reference -- --only ${name} --seeds ${runs.length}\``,
    ],
  };
}

/** The other metrics of the test split, and all of them on other test files. */
function describeOthers(runs, metric) {
  const means = (of) => Object.keys(of(runs[0])).map((key) => [key, mean(runs.map((run) => of(run)[key]))]);
  const text = (entries) => entries.map(([key, value]) => `${key} ${digits(value)}`).join(", ");
  return [
    text(means(({ metrics }) => metrics).filter(([key]) => key !== metric)),
    ...runs[0].others.map(([title], index) => `${title}: ${text(means(({ others }) => others[index][1]))}`),
  ]
    .filter(Boolean)
    .join("; ");
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
