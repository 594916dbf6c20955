// Whether training in less than float32 reaches the same accuracy: reference configs, each with three seeds in float32 and in the precision asked
// for, as `dlctl train` runs them. Fails where the means of the validation figure differ by more than the margin.
//   npm run check:precision -- bfloat16 fashion-mnist-cnn ecg5000-gru --epochs 3 [--margin 0.01]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const project = fileURLToPath(new URL("..", import.meta.url));
const seeds = [1, 2, 3];

const { positionals, values: options } = parseArgs({
  options: { epochs: { type: "string" }, margin: { type: "string", default: "0.01" } },
  allowPositionals: true,
});
const [precision, ...names] = positionals;
const folder = mkdtempSync(join(tmpdir(), "dlctl-precision-"));
try {
  for (const name of names) compare(name);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function compare(name) {
  const [float, other] = ["float32", precision].map((precision) => seeds.map((seed) => train(name, seed, precision)));
  const [a, b] = [mean(float.map(figureOf)), mean(other.map(figureOf))];
  const isWithin = Math.abs(a - b) <= Number(options.margin);
  const list = (runs) => runs.map((run) => figureOf(run).toFixed(4)).join(", ");
  const seconds = (runs) => mean(runs.map((run) => run.seconds)).toFixed(1);
  console.log(
    `${name}: ${figureName(float[0])} float32 ${a.toFixed(4)} (${list(float)}), ${precision} ${b.toFixed(4)} (${list(other)}), ` +
      `${seconds(float)} and ${seconds(other)} s: ${isWithin ? "within" : "NOT WITHIN"} ${options.margin}`,
  );
  if (!isWithin) process.exitCode = 1;
}

/** The last line that `dlctl train --json` prints. */
function train(name, seed, precision) {
  const config = join(project, "configs/reference", `${name}.json`);
  const overrides = [`train.precision=${precision}`, ...(options.epochs ? [`train.epochs=${options.epochs}`] : [])];
  const given = [
    "train",
    config,
    ...overrides,
    "--seed",
    seed,
    "--out",
    join(folder, "model"),
    "--overwrite",
    "--json",
  ];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(project, "bin/dlctl"), ...given.map(String), "--no-report", "--device", "cpu"],
    { encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`${name} in ${precision} ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

function figureName({ metrics }) {
  return "val_accuracy" in metrics ? "val_accuracy" : "val_loss";
}

function figureOf(run) {
  return run.metrics[figureName(run)];
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
