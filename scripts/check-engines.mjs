// `npm run check:engines`: do both engines end at the same? Each config of configs/reference takes a few hundred steps
// eagerly and compiled, from the same weights, with the same batches, dropout masks and augmentation; then both are measured on validation
// examples. Where training makes large what rounding made small (batch normalization and Adam do), the ends may differ
// as much as those of two eager runs of which one began with weights changed by 1e-7, which is then run, too. So may the
// first losses, as much as those of two eager runs of which one has each batch's examples in another order, which changes
// nothing but the order of sums. What must hold without exception: given the same weights before every other step, both
// engines have the same losses, in these steps and in those after. Prints a table; exit 1 when a config is out of tolerance. Needs dist/ and the data (npm run prepare-data).
//
//   npm run check:engines -- [--steps 200] [--only fashion-mnist-cnn,ecg5000-gru] [--seconds 120]
//
// `--seconds` ends the steps of one config early, for the largest ones: the table says how many were done.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { dlctlModule, root, tf } from "./compare-keras/dlctl-modules.mjs";

/** Of the mean loss of the last quarter of the steps, and of the validation loss, relative to the loss or 0.1. */
const tolerance = 0.01;
/** Of the losses of the first ten steps, in which rounding has not grown yet. */
const earlyTolerance = 1e-4;
const earlySteps = 10;
/** The same, where the compiled engine is given the eager one's weights before every other step. */
const commonTolerance = 1e-5;
/** How much farther apart than two eager runs that differ in the order of sums the engines may be in these steps. */
const mostOfTurned = 5;
const mostValidated = 512;

const folder = join(root, "configs", "reference");
const known = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => basename(name, ".json"));
const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "200" },
    seconds: { type: "string", default: "120" },
    only: { type: "string" },
  },
});
const chosen = values.only?.split(",") ?? known;
const unknown = chosen.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`There is no config ${unknown.join(", ")}; known: ${known.join(", ")}`);

const { loadConfig } = dlctlModule("config/load-config");
const { openData } = dlctlModule("train/open-data");
const { setUpTraining } = dlctlModule("train/training-setup");
const { trainingBatches } = dlctlModule("data/batches/training-batches");
const { evaluationBatches } = dlctlModule("data/batches/evaluation-batches");
const { EpochSums } = dlctlModule("train/epoch-sums");
await dlctlModule("runtime/start-runtime").startRuntime("cpu");

const head = [
  "config",
  "steps",
  "from common weights",
  "first ten losses",
  "eager, turned",
  "eager",
  "compiled",
  "eager, nudged",
];
const rows = [];
for (const name of chosen) rows.push(await check(name));
const table = [head, head.map(() => "---"), ...rows.map(({ cells }) => cells)];
console.log(table.map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
const failures = rows.filter(({ isRight }) => !isRight);
if (failures.length > 0) console.error(`Out of tolerance: ${failures.map(({ name }) => name).join(", ")}`);
process.exitCode = failures.length > 0 ? 1 : 0;

async function check(name) {
  const common = await runTogether(name);
  const [eager, compiled] = await runBoth(name, ["eager", "graph"]);
  const early = earlyDistance(eager, compiled);
  const turned = early > earlyTolerance ? await runTurned(name) : undefined;
  const isFollowed = early <= earlyTolerance || turned.compiled <= mostOfTurned * turned.eager;
  const apart = distance(eager, compiled);
  // Only where it is needed: it takes as long again.
  const nudged = apart > tolerance ? (await runBoth(name, ["eager", "nudged"]))[1] : undefined;
  const allowed = nudged ? Math.max(tolerance, 2 * distance(eager, nudged)) : tolerance;
  const isRight = common <= commonTolerance && isFollowed && apart <= allowed;
  const ends = [eager, compiled, nudged].map((run) => (run ? `${digits(run.end)}, ${digits(run.validation)}` : "-"));
  const first = [common, early].map((apart) => apart.toExponential(1));
  const alike = turned ? `${turned.eager.toExponential(1)} (compiled ${turned.compiled.toExponential(1)})` : "-";
  const cells = [name, eager.steps, ...first, alike, ...ends];
  console.error(`${isRight ? "ok  " : "FAIL"} ${cells.join(" | ")}`);
  return { name, isRight, cells };
}

function distance(a, b) {
  return Math.max(relative(a.end, b.end), relative(a.validation, b.validation));
}

function earlyDistance(a, b) {
  return Math.max(...a.first.map((loss, step) => relative(loss, b.first[step])));
}

function digits(loss) {
  return loss.toFixed(5);
}

/** Two runs of a config, step by step on the same batches. */
async function runBoth(name, kinds) {
  return await withSetups(await configOf(name), kinds, async (setups, data, config) => {
    const losses = await train(setups, config, data, { most: Number(values.steps) });
    const runs = [];
    for (const [index, setup] of setups.entries()) {
      runs.push({ ...summarize(losses[index]), validation: await validate(setup, data, config) });
    }
    return runs;
  });
}

/**
 * How far apart the losses of the first steps are at most where both engines begin every other step with the same weights:
 * the steps between show what either has made of them.
 */
async function runTogether(name) {
  return await withSetups(await configOf(name), ["eager", "graph"], async (setups, data, config) => {
    const losses = await train(setups, config, data, {
      most: earlySteps,
      before: (step) => step % 2 === 0 && shareWeights(setups),
    });
    return earlyDistance(...losses.map(summarize));
  });
}

/**
 * How far an eager run with the examples of each batch moved on by one is from one without at most in the first steps, and how far the compiled
 * one: without augmentation and dropout, which would be others for the moved examples.
 */
async function runTurned(name) {
  const loaded = await configOf(name);
  const { config } = loaded;
  const layers = config.model.layers.filter(({ type }) => type !== "dropout");
  const certain = { ...config, data: { ...config.data, augment: [] }, model: { ...config.model, layers } };
  return await withSetups({ ...loaded, config: certain }, ["eager", "graph", "turned"], async (setups, data) => {
    const given = [(batch) => batch, (batch) => batch, turn];
    const losses = await train(setups, certain, data, { most: earlySteps, given });
    const [eager, compiled, turned] = losses.map(summarize);
    return { eager: earlyDistance(eager, turned), compiled: earlyDistance(eager, compiled) };
  });
}

async function configOf(name) {
  return await loadConfig(join(folder, `${name}.json`), []);
}

/** What `use` gives, with a training set-up for each kind. */
async function withSetups({ config, baseFolder }, kinds, use) {
  const { signal } = new AbortController();
  const data = await openData({ config, baseFolder, record: undefined }, signal);
  const setups = [];
  try {
    for (const kind of kinds) {
      const own = { ...config, train: { ...config.train, engine: kind === "graph" ? "graph" : "eager" } };
      setups.push(await setUpTraining(own, data, async (model) => kind === "nudged" && nudge(model)));
    }
    return await use(setups, data, config);
  } finally {
    for (const { engine, model } of setups) {
      engine.dispose();
      model.dispose();
    }
    await data.inputs.close();
  }
}

/** Gives the weights of the first to the second. */
function shareWeights([first, second]) {
  first.engine.syncModel();
  second.model.weights.forEach((weight, index) => {
    weight.val.assign(first.model.weights[index].val);
  });
  second.engine.adoptModelWeights();
}

/** The same batch, the first example last. */
function turn(batch) {
  const parts = (given) => (Array.isArray(given) ? given.map(part) : part(given));
  const part = (tensor) => {
    const size = tensor.data.length / batch.count;
    const data = tensor.data.slice();
    data.set(tensor.data.subarray(size));
    data.set(tensor.data.subarray(0, size), tensor.data.length - size);
    return { ...tensor, data };
  };
  return { ...batch, inputs: parts(batch.inputs), targets: parts(batch.targets) };
}

/** Changes each weight by about the last bit of a float32, each by another part: batch normalization would undo one for all. */
function nudge(model) {
  for (const [index, { val }] of model.trainableWeights.entries()) {
    const changed = tf.tidy(() => {
      const scale = tf.randomUniform(val.shape, 1 - 1e-7, 1 + 1e-7, "float32", index);
      return val.mul(scale).add(tf.randomUniform(val.shape, -1e-9, 1e-9, "float32", index));
    });
    val.assign(changed);
    changed.dispose();
  }
}

function summarize(losses) {
  const end = mean(losses.slice(-Math.ceil(losses.length / 4)));
  return { first: losses.slice(0, earlySteps), steps: losses.length, end };
}

/**
 * The losses of each step, of each run, for `most` steps or the seconds allowed; `before` is called before
 * each step, and `given` makes of a batch what each of them is given.
 */
async function train(setups, config, data, { most, before, given }) {
  const source = { inputs: data.inputs, targets: data.set.targets, examples: data.splits.train };
  const { batchSize } = config.train;
  const losses = setups.map(() => []);
  const until = performance.now() + 1000 * Number(values.seconds);
  let step = 0;
  for (let epoch = 0; step < most; epoch++) {
    for await (const batch of trainingBatches({ ...source, batchSize, seed: config.seed, epoch })) {
      const at = { step, learningRate: setups[0].schedule.rateAt(step) };
      before?.(step);
      for (const [index, { engine }] of setups.entries()) {
        const { lossSum, weight, penalty } = engine.trainStep(given?.[index](batch) ?? batch, at);
        losses[index].push(lossSum / weight + penalty);
      }
      if (++step === most || performance.now() > until) return losses;
    }
  }
  return losses;
}

async function validate({ engine, metrics }, data, config) {
  const { validation, train } = data.splits;
  const examples = (validation.length > 0 ? validation : train).subarray(0, mostValidated);
  const sums = new EpochSums(metrics);
  const source = { inputs: data.inputs, targets: data.set.targets, examples, batchSize: config.train.batchSize };
  for await (const batch of evaluationBatches(source)) sums.add(engine.evaluateStep(batch));
  return sums.figures().loss;
}

/** Infinite where one is no number. */
function relative(a, b) {
  const difference = Math.abs(a - b) / Math.max(0.1, Math.abs(a));
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
