// `npm run check:metrics`: are the figures that `dlctl evaluate` reports those that scikit-learn and scipy compute from what `dlctl predict`
// predicts and the true values? On real tables: three classes, two classes with a sigmoid unit, several numbers. And of made-up scores:
// more of them, many equal, with every point of the curves. Exit 1 where a figure is not.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { pythonWithKeras } from "./python-env.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "dlctl-metrics-"));
const features = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"];

// Trained for so short that there are mistakes to count.
const classMetrics = ["accuracy", "precision", "recall", "f1", { type: "auc", thresholds: 2000 }];
const cases = [
  {
    name: "three classes",
    columns: { features, label: "species" },
    layers: [{ type: "dense", units: "classes", activation: "softmax" }],
    metrics: [...classMetrics, { type: "topKAccuracy", k: 2 }],
  },
  {
    name: "two classes, one sigmoid unit",
    columns: { features, label: "sex" },
    layers: [{ type: "dense", units: 1, activation: "sigmoid" }],
    metrics: classMetrics,
  },
  {
    name: "two numbers",
    columns: { features: features.slice(0, 2), target: features.slice(2) },
    layers: [
      { type: "dense", units: 8, activation: "tanh" },
      { type: "dense", units: 2 },
    ],
    metrics: ["meanSquaredError", "rootMeanSquaredError", "meanAbsoluteError", "meanAbsolutePercentageError", "r2"],
  },
];

try {
  const rows = writeTables();
  const failed = [...cases.map((each) => check(each, rows)), ...(await checkMadeUp())].filter((isRight) => !isRight);
  process.exitCode = failed.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Two thirds of the penguins for training, one for testing; those without a gap. Returns the latter as objects. */
function writeTables() {
  const [head, ...lines] = readFileSync(join(root, "data", "tables", "penguins.csv"), "utf8")
    .trim()
    .split(/\r?\n/);
  const whole = lines.filter((line) => line.split(",").every((cell) => cell !== "" && cell !== "NA"));
  const [train, test] = [whole.filter((_, index) => index % 3 > 0), whole.filter((_, index) => index % 3 === 0)];
  for (const [name, part] of Object.entries({ train, test })) {
    writeFileSync(join(folder, `${name}.csv`), `${[head, ...part].join("\n")}\n`);
  }
  const names = head.split(",");
  return test.map((line) => Object.fromEntries(line.split(",").map((cell, index) => [names[index], cell])));
}

function check({ name, columns, layers, metrics }, rows) {
  const used = [columns.features, columns.label ?? columns.target].flat();
  const config = {
    name: "penguins",
    data: {
      source: "csv",
      path: "train.csv",
      test: "test.csv",
      columns,
      ignore: Object.keys(rows[0]).filter((column) => !used.includes(column)),
      preprocess: [{ op: "standardize" }],
    },
    model: { layers },
    train: { epochs: 3, metrics },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  dlctl("train", "config.json", "--out", "model", "--overwrite");
  const evaluation = JSON.parse(dlctl("evaluate", "model", "--json"));
  const lines = dlctl("predict", "model", "test.csv", "--json").trim().split("\n");
  const predictions = lines.map((line) => JSON.parse(line));
  const labels = evaluation.labels ?? null;
  return compare(name, {
    source: "predict",
    metrics: true,
    labels,
    width: layers.at(-1).units,
    targets: columns.target,
    truth: rows.map((row) => (labels ? row[columns.label] : columns.target.map((target) => Number(row[target])))),
    predictions: predictions.map((each) => (labels ? byLabel(each) : each.values)),
    reported: flatten(evaluation),
  });
}

async function checkMadeUp() {
  const outfile = join(folder, "made-up-scores.cjs");
  const source = join(root, "scripts", "check-metrics", "made-up-scores.ts");
  await build({ entryPoints: [source], outfile, bundle: true, platform: "node", logLevel: "error" });
  const { status, stdout, stderr } = spawnSync(process.execPath, [outfile], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`made-up-scores.ts ended with ${status}\n${stderr}`);
  const { five, two, values } = JSON.parse(stdout);
  const named = (labels, scores) =>
    scores.map((row) => Object.fromEntries(labels.map((label, at) => [label, row[at]])));
  const ofClasses = ({ evaluation, truth, scores }, more) => ({
    source: "scores",
    labels: evaluation.labels,
    truth,
    predictions: named(evaluation.labels, scores),
    reported: flatten(evaluation),
    ...more,
  });
  const curves = Object.fromEntries(
    five.evaluation.ranking.classes.map(({ label, roc, precisionRecall }) => [
      label,
      { roc: roc.thresholds, precisionRecall: precisionRecall.thresholds },
    ]),
  );
  const numbers = { labels: null, targets: ["x", "y"], truth: values.truth, predictions: values.predictions };
  return [
    compare("made-up scores, five classes", ofClasses(five, { curves })),
    compare("made-up scores, two classes", ofClasses(two)),
    compare("made-up numbers", { source: "scores", ...numbers, reported: flatten(values.evaluation) }),
  ];
}

function compare(name, input) {
  const result = python(input);
  console.log(JSON.stringify({ case: name, examples: input.truth.length, ...result }));
  return result.failures.length === 0;
}

function byLabel({ predictions }) {
  return Object.fromEntries(predictions.map(({ label, probability }) => [label, probability]));
}

/** Figures by name: `metrics.accuracy`, `perClass.<label>.recall`, `confusion.<true>.<predicted>`, `targets.<name>.mae`, `interval.accuracy`. */
function flatten(evaluation) {
  const { loss, metrics = {}, labels = [], confusion = [], perClass = [], targets = [] } = evaluation;
  const { averages, ranking, calibration, confidence } = evaluation;
  const named = (prefix, list, key) =>
    list.flatMap((entry) => Object.entries(entry).map(([name, value]) => [`${prefix}.${entry[key]}.${name}`, value]));
  const each = (prefix, figures) => Object.entries(figures ?? {}).map(([name, value]) => [`${prefix}.${name}`, value]);
  const curve = (prefix, { x, y }) =>
    x.flatMap((at, index) => [
      [`${prefix}.${index}.x`, at],
      [`${prefix}.${index}.y`, y[index]],
    ]);
  return Object.fromEntries([
    ["loss", loss],
    ...each("metrics", metrics),
    ...each("averages", averages),
    ...each("averages.macro", averages?.macro),
    ...each("averages.weighted", averages?.weighted),
    ...each("ranking", ranking),
    ...each("calibration", calibration),
    ...named("ranking", ranking?.classes ?? [], "label"),
    ...(ranking?.classes ?? []).flatMap(({ label, roc, precisionRecall }) => [
      ...(roc ? curve(`curve.${label}.roc`, roc) : []),
      ...(precisionRecall ? curve(`curve.${label}.precisionRecall`, precisionRecall) : []),
    ]),
    ...each("curve.macro", ranking?.macroRoc?.y),
    ...named("perClass", perClass, "label"),
    ...named("targets", targets, "name"),
    ...targets.flatMap(({ name, residuals }) => [
      ...each(`residuals.${name}`, residuals),
      ...residuals.quantiles.map(({ at, value }) => [`residuals.${name}.quantile.${at}`, value]),
    ]),
    ...confusion.flatMap((row, index) => row.map((count, at) => [`confusion.${labels[index]}.${labels[at]}`, count])),
    ...(confidence?.figures ?? []).map(({ figure, target, low, high }) => [
      ["interval", ...(target === null ? [] : [target]), figure].join("."),
      [low, high],
    ]),
  ]);
}

function dlctl(...args) {
  const command = [join(root, "bin", "dlctl"), ...args, "--quiet"];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`dlctl ${args.join(" ")} ended with ${status}\n${stderr}`);
  return stdout;
}

function python(input) {
  const script = join(root, "scripts", "check-metrics", "check.py");
  const options = { input: JSON.stringify(input), encoding: "utf8", maxBuffer: 1 << 26 };
  const { status, stdout, stderr } = spawnSync(pythonWithKeras(), [script], options);
  if (status !== 0) throw new Error(`check.py ended with ${status}\n${stderr}`);
  return JSON.parse(stdout);
}
