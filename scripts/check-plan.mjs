// `npm run check:plan`: what `dlctl plan` says of ten models that its calibration knows nothing of, against what training
// them takes, written into docs/plan.md. On a quiet machine; the rounds are interleaved, so that what disturbs one
// model disturbs all, and medians are compared. Exit code 1 where a bound is not held.
//
//   npm run check:plan -- [--rounds 3] [--only LSTM] [--keep-calibration] [--dry]
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeModel } from "./check-plan/data.mjs";
import { measureTraining, runDlctl } from "./check-plan/measure-training.mjs";
import { models } from "./check-plan/models.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const page = join(root, "docs", "plan.md");
const begin = "<!-- checked: written by npm run check:plan -->";
const end = "<!-- end of checked -->";
const bounds = { time: 0.3, memory: 0.15 };

function fail(problem, advice, code = 2) {
  console.error(`${problem}\n  ${advice}`);
  process.exit(code);
}

function readOptions() {
  const options = {
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
    "keep-calibration": { type: "boolean", default: false },
    dry: { type: "boolean", default: false },
  };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(
      error.message,
      "npm run check:plan -- [--rounds 3] [--only <part of a name>] [--keep-calibration] [--dry]",
    );
  }
}

const { rounds, only = "", "keep-calibration": isCalibrationKept, dry } = readOptions();
if (!/^[1-9]\d*$/.test(rounds)) fail(`--rounds ${rounds} is not a number of rounds.`, "For example: --rounds 3");
if (!existsSync("/proc/self/status"))
  fail("The peak of memory is read from /proc, which Linux alone has.", "Run it there.", 7);
const chosen = models.filter(({ name }) => name.includes(only));
if (chosen.length === 0) fail(`No model's name has "${only}" in it.`, models.map(({ name }) => name).join("; "));

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const folder = mkdtempSync(join(tmpdir(), "dlctl-check-plan-"));
let isHeld = true;
try {
  const runs = chosen.map((model, index) => {
    const path = join(folder, String(index));
    return { ...model, config: writeModel(path, model), out: join(path, "model"), seconds: [], bytes: [], plans: [] };
  });
  for (let round = 0; round < Number(rounds); round++) {
    const load = loadavg()[0];
    console.error(`round ${round + 1} of ${rounds}, load ${load.toFixed(1)}`);
    for (const [index, run] of runs.entries()) {
      // Measured anew in each round: the plan's figures are medians as the training's are.
      const anew = index === 0 && !isCalibrationKept ? ["--calibrate"] : [];
      const { stdout } = await runDlctl(root, ["plan", run.config, "--json", "--quiet", ...anew]);
      run.plans.push(JSON.parse(stdout));
      const { seconds, bytes } = await measureTraining(root, run.config, run.out);
      run.seconds.push(...seconds);
      run.bytes.push(bytes);
      console.error(`  ${run.name}: ${median(seconds).toFixed(3)} s an epoch, ${(bytes / 2 ** 20).toFixed(0)} MiB`);
    }
  }
  const rows = runs.map(rowOf);
  isHeld = rows.every((row) => row.isHeld);
  const table = [
    "| model | parameters | batch | time of an epoch: planned | measured | off by | memory: planned | measured | off by |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows.map(({ cells }) => `| ${cells.join(" | ")} |`),
  ].join("\n");
  const where = `Measured ${new Date().toISOString().slice(0, 10)} on ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load at the end ${loadavg()[0].toFixed(1)}, ${rounds} rounds: \`npm run check:plan -- --rounds ${rounds}\`.`;
  console.log(`${where}\n\n${table}`);
  if (!dry && only === "") writeTable(`${where}\n\n${table}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isHeld ? 0 : 1;

function rowOf({ name, plans, seconds, bytes }) {
  const [{ parameters, batchSize }] = plans;
  const planned = median(plans.map(({ device }) => device.epochSeconds));
  const plannedBytes = median(plans.map(({ device }) => device.trainingBytes));
  const [time, memory] = [planned / median(seconds) - 1, plannedBytes / median(bytes) - 1];
  const percent = (share) => `${share > 0 ? "+" : ""}${Math.round(100 * share)} %`;
  const mebibytes = (value) => `${Math.round(value / 2 ** 20)} MiB`;
  return {
    isHeld: Math.abs(time) <= bounds.time && Math.abs(memory) <= bounds.memory,
    cells: [
      name,
      parameters.toLocaleString("en-US"),
      batchSize,
      `${planned.toFixed(3)} s`,
      `${median(seconds).toFixed(3)} s`,
      percent(time),
      mebibytes(plannedBytes),
      mebibytes(median(bytes)),
      percent(memory),
    ],
  };
}

function writeTable(table) {
  const text = readFileSync(page, "utf8");
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`docs/plan.md lacks the markers ${begin} and ${end}`);
  writeFileSync(page, `${text.slice(0, start)}${begin}\n\n${table}\n\n${text.slice(stop)}`);
}
