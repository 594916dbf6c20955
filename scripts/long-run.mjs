// `npm run long-run -- --minutes 60 --predictions 100000`: memory and open files of a long training and of many predictions in one process, and
// what is left of temporary files. `--steps 20000` ends the training after the epoch in which it has done so many. Linux. Exit 1 when
// something grows or stays.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { growth, summarize, watchProcess } from "./long-run/watch-process.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    steps: { type: "string" },
    predictions: { type: "string", default: "100000" },
    config: { type: "string", default: join("configs", "quick", "quickstart.json") },
  },
});
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "dlctl-long-run-"));
const temporary = join(folder, "tmp");
mkdirSync(temporary);

try {
  const model = join(folder, "model");
  const problems = [...(await train(model)), ...(await predict(model)), ...left(model)];
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Trains without end, is interrupted when the time is over, and resumed for the end of a shorter run: the model to predict with. */
async function train(model) {
  const options = ["--out", model, "--quiet", "train.epochs=1000000"];
  const { code, samples, output } = await run(["train", values.config, ...options], {
    minutes: Number(values.minutes),
    ...(values.steps === undefined ? {} : { isEnough: () => stepsOf(model) >= Number(values.steps) }),
  });
  if (code !== 130) throw new Error(`training ended with ${code}: ${output}`);
  const steps = stepsOf(model);
  const unfinished = readdirSync(join(model, "run")).filter((name) => /\.tmp$|^lock$/.test(name));
  const short = ["train", values.config, "--out", model, "--quiet", "--overwrite", "train.epochs=1"];
  const second = await run(short, {});
  if (second.code !== 0) throw new Error(`training ended with ${second.code}: ${second.output}`);
  return [...report(`training, ${steps} steps`, samples), ...unfinished.map((name) => `training left ${name}`)];
}

/** Steps that were done when the last epoch ended; 0 before the first. */
function stepsOf(model) {
  try {
    const lines = readFileSync(join(model, "run", "history.jsonl"), "utf8")
      .trim()
      .split("\n");
    return JSON.parse(lines.at(-1)).step;
  } catch {
    return 0;
  }
}

/** The same pictures over and over, by a list on standard input. */
async function predict(model) {
  const samples = join(root, "data", "samples");
  const pictures = readdirSync(samples).map((name) => join(samples, name));
  const count = Number(values.predictions);
  function* list() {
    for (let number = 0; number < count; number++) yield `${pictures[number % pictures.length]}\n`;
  }
  const args = ["predict", model, "-", "--json", "--quiet", "--top-k", "1"];
  const { code, samples: seen, output, lines } = await run(args, { input: Readable.from(list()) });
  if (code !== 0 || lines !== count) throw new Error(`${lines} of ${count} predicted, exit ${code}: ${output}`);
  return report(`${count} predictions`, seen);
}

function report(what, samples) {
  const summary = summarize(samples);
  console.log(JSON.stringify({ what, ...summary }));
  return growth(summary).map((grown) => `${what}: ${grown}`);
}

function left(model) {
  const inModel = readdirSync(model, { recursive: true }).filter((name) =>
    /\.tmp$|\.run-|^next|(^|\/)lock$/.test(name),
  );
  return [...inModel, ...readdirSync(temporary)].map((name) => `left behind: ${name}`);
}

/** Runs dlctl and watches it; counts the lines on standard output and keeps what it says on standard error. */
function run(args, { minutes, isEnough, input }) {
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, [join(root, "bin", "dlctl"), ...args], { cwd: root, env });
  const watch = watchProcess(child.pid);
  let [output, lines] = ["", 0];
  child.stdout.on("data", (chunk) => {
    for (const byte of chunk) if (byte === 10) lines += 1;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  if (input) input.pipe(child.stdin);
  else child.stdin.end();
  const timer = minutes === undefined ? undefined : setTimeout(() => child.kill("SIGINT"), minutes * 60_000);
  const looking = setInterval(() => {
    if (!isEnough?.()) return;
    // A second one would end it without a checkpoint.
    clearInterval(looking);
    child.kill("SIGINT");
  }, 1000);
  return new Promise((resolve) => {
    child.on("close", (code) => {
      clearTimeout(timer);
      clearInterval(looking);
      resolve({ code, samples: watch.stop(), output, lines });
    });
  });
}
