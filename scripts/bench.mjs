// `npm run bench`: trains and predicts the same models with dlctl, Keras and PyTorch, in turns, and writes
// docs/performance.md when all of them were measured in full.
//
//   npm run bench -- [--only cnn-28,lstm] [--rounds 3] [--steps 2] [--keep]
//   npm run bench -- --whole-runs [--rounds 1] [--epochs 4]
//   npm run bench -- --cold [--rounds 3]
//
// `--steps` makes epochs that short, to see whether everything works; nothing is written then, nor with `--only`.
// `--whole-runs` measures from photographs on disk to a trained model instead, which takes longer, and renews the page's
// section on that. `--cold` measures one picture from the start of a process to its end, and nothing else, in two minutes, and writes nothing.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureCold } from "./bench/cold.mjs";
import { writeData } from "./bench/data.mjs";
import { medianRate, predictionFigures, trainingFigures } from "./bench/figures.mjs";
import { batchSize, configOf, epochs, models } from "./bench/models.mjs";
import { coldSection, keepWholeRuns, performancePage, putWholeRuns, wholeRunsSection } from "./bench/page.mjs";
import { root, runDlctl, runProgram, stopPrograms } from "./bench/processes.mjs";
import { bestOf, kerasVariants, runKeras, runOnnx, runTorch, runWithDlctl, torchVariants } from "./bench/tools.mjs";
import { measureWholeRuns } from "./bench/whole.mjs";
import { pythonWithKeras, pythonWithTorch } from "./python-env.mjs";

/** Of all batch sizes together, for each tool and round. */
const predictionSeconds = 2;

function fail(problem) {
  console.error(
    `${problem}\n  npm run bench -- [--only ${Object.keys(models).slice(0, 2).join(",")}] [--rounds 3] [--steps 2] [--keep]`,
  );
  process.exit(2);
}

function readOptions() {
  const text = { type: "string" };
  try {
    const flag = { type: "boolean" };
    const options = { only: text, rounds: text, steps: text, keep: flag, "whole-runs": flag, epochs: text, cold: flag };
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(error.message);
  }
}

const options = readOptions();
const chosen = options.only?.split(",") ?? Object.keys(models);
const unknown = chosen.filter((name) => !Object.hasOwn(models, name));
if (unknown.length > 0) fail(`There is no model ${unknown.join(", ")}; there are ${Object.keys(models).join(", ")}.`);
for (const name of ["rounds", "steps", "epochs"]) {
  if (options[name] !== undefined && !/^[1-9]\d*$/.test(options[name]))
    fail(`--${name} ${options[name]} is no number.`);
}
const rounds = Number(options.rounds ?? (options["whole-runs"] ? 1 : 3));
const startedAt = performance.now();

function tell(text) {
  const elapsed = Math.round((performance.now() - startedAt) / 1000);
  console.error(`${String(Math.floor(elapsed / 60)).padStart(3)}:${String(elapsed % 60).padStart(2, "0")}  ${text}`);
}

const rate = (value) => `${Math.round(value).toLocaleString("en-US")} examples/s`;

/** Data, config, and what Python needs to know of them. */
function prepareModel(name, work) {
  const model = models[name];
  const folder = join(work, name);
  mkdirSync(folder);
  // A vocabulary is whole only where the texts hold all of it.
  const leastCount = model.data.kind === "texts" ? Math.ceil(model.data.vocabulary / model.data.tokens) : 1;
  const steps = Math.max(Number(options.steps ?? (options.cold ? 2 : model.steps)), Math.ceil(leastCount / batchSize));
  const examples = steps * batchSize;
  writeData(folder, model.data, examples);
  writeFileSync(join(folder, "config.json"), JSON.stringify(configOf(name, model, epochs)));
  const spec = { name, folder, data: model.data, batchSize, epochs, examples, seconds: predictionSeconds };
  return { name, title: model.title, spec, runs: { dlctl: [], keras: [], torch: [], onnx: [] } };
}

const list = (tried) =>
  Object.entries(tried)
    .map(([variant, value]) => `${variant} ${value === null ? "failed" : Math.round(value).toLocaleString("en-US")}`)
    .join(", ");

/** Which settings of Keras and PyTorch are the fastest for a model. */
async function choose({ name, spec }, pythons) {
  const keras = await runKeras(pythons.keras, { ...spec, variants: kerasVariants(name) });
  tell(`${name}: Keras: ${list(keras.tried)}`);
  const torch = await runTorch(pythons.torch, { ...spec, variants: torchVariants(name) });
  tell(`${name}: PyTorch: ${list(torch.tried)}; prediction: ${list(torch.triedPrediction)}`);
  return { keras: bestOf(keras.tried), torch: bestOf(torch.tried), torchPrediction: bestOf(torch.triedPrediction) };
}

async function runRound(round, measured, pythons) {
  const { spec, choices, runs, name } = measured;
  const save = round === 0 ? join(spec.folder, "saved") : undefined;
  const turns = [
    ["dlctl", () => runWithDlctl(spec)],
    ["keras", () => runKeras(pythons.keras, { ...spec, save, variants: [choices.keras] })],
    [
      "torch",
      () =>
        runTorch(pythons.torch, {
          ...spec,
          save,
          variants: [choices.torch],
          predictVariant: choices.torchPrediction,
        }),
    ],
  ];
  // None is always first, when the machine may be cooler, or last.
  for (let turn = 0; turn < turns.length; turn++) {
    const [tool, run] = turns[(turn + round) % turns.length];
    const result = await run();
    runs[tool].push(result);
    tell(
      `${name}: round ${round + 1} of ${rounds}: ${tool} ${rate(medianRate([result]))}, ${result.seconds.toFixed(1)} s in all`,
    );
  }
  runs.onnx.push(await runOnnx(pythons.torch, { ...spec, save: join(spec.folder, "saved") }));
}

/** Throws when a tool has other parameters than dlctl: PyTorch's recurrent layers may have a few hundred more. */
function requireEqualWork({ name, runs }) {
  const [dlctl, keras, torch] = ["dlctl", "keras", "torch"].map((tool) => runs[tool][0].parameters);
  if (keras !== dlctl || Math.abs(torch - dlctl) > 0.001 * dlctl) {
    throw new Error(`${name} has ${dlctl} parameters in dlctl, ${keras} in Keras and ${torch} in PyTorch`);
  }
}

async function describeMachine(pythons) {
  const [doctor] = (await runDlctl(["doctor", "--json"])).lines.map((line) => JSON.parse(line));
  const versions = async (python, modules) => {
    const code = `import importlib.metadata as m; print(", ".join(f"{n} {m.version(n)}" for n in ${JSON.stringify(modules)}))`;
    return (await runProgram(python, ["-c", code])).lines[0];
  };
  return [
    `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? process.arch}, ${Math.round(totalmem() / 2 ** 30)} GB of memory, load at the start ${loadavg()[0].toFixed(1)}`,
    `Node.js ${process.version}, dlctl on the ${doctor.device} device: ${doctor.reason}`,
    await versions(pythons.keras, ["keras", "tensorflow-cpu"]),
    await versions(pythons.torch, ["torch", "onnxruntime"]),
  ];
}

const pythons = { keras: pythonWithKeras(), torch: pythonWithTorch() };
const machine = await describeMachine(pythons);
for (const line of machine) console.error(line);
if (loadavg()[0] > 0.5) console.error("Other programs are running: the figures are of them, too.");
const about = {
  machine,
  rounds,
  command: `npm run bench${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(" ")}` : ""}`,
  date: new Date().toISOString().slice(0, 10),
};
const pagePath = join(root, "docs", "performance.md");
const oldPage = existsSync(pagePath) ? readFileSync(pagePath, "utf8") : "";

async function compareModels(work) {
  const measured = chosen.map((name) => prepareModel(name, work));
  for (const each of measured) each.choices = await choose(each, pythons);
  for (let round = 0; round < rounds; round++) {
    for (const each of measured) {
      await runRound(round, each, pythons);
      requireEqualWork(each);
    }
  }
  const cold = chosen.includes("cnn-28") ? await measureCold(join(work, "cnn-28"), pythons, 2 * rounds + 1) : undefined;
  const training = measured.map(trainingFigures);
  return performancePage({ ...about, training, prediction: measured.flatMap(predictionFigures), cold });
}

/** Models that are hardly trained: what is measured does not depend on it. */
async function compareCold(work) {
  const name = "cnn-28";
  const { spec } = prepareModel(name, work);
  const save = join(spec.folder, "saved");
  await runDlctl(["train", join(spec.folder, "config.json"), "--out", join(spec.folder, "model")]);
  await runKeras(pythons.keras, { ...spec, save, variants: ["arrays"] });
  await runTorch(pythons.torch, { ...spec, save, variants: ["eager"], predictVariant: "eager" });
  await runOnnx(pythons.torch, { ...spec, save });
  return coldSection(await measureCold(spec.folder, pythons, 2 * rounds + 1));
}

async function compareWholeRuns(work) {
  // Six runs: eight minutes at most. With more epochs what is kept of images weighs less.
  const wholeEpochs = Number(options.epochs ?? 4);
  const whole = await measureWholeRuns(work, pythons, { epochs: wholeEpochs, rounds, tell });
  return wholeRunsSection({ ...about, whole, epochs: wholeEpochs });
}

const work = mkdtempSync(join(tmpdir(), "dlctl-versus-"));
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    stopPrograms();
    rmSync(work, { recursive: true, force: true });
    process.exit(130);
  });
}
try {
  const isWholeRuns = options["whole-runs"] ?? false;
  const compare = options.cold ? compareCold : isWholeRuns ? compareWholeRuns : compareModels;
  const text = await compare(work);
  const isComplete = [options.only, options.steps, options.cold].every((option) => option === undefined);
  if (isComplete) writeFileSync(pagePath, isWholeRuns ? putWholeRuns(oldPage, text) : keepWholeRuns(text, oldPage));
  tell(isComplete ? "docs/performance.md is written" : "Not all was measured, so docs/performance.md stays as it is:");
  if (!isComplete) console.log(text);
} finally {
  if (options.keep) console.error(`Kept: ${work}`);
  else rmSync(work, { recursive: true, force: true });
}
