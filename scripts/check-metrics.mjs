// `npm run check:metrics`: are the figures that `dlctl evaluate` reports those that scikit-learn computes from what `dlctl predict` predicts and
// the true values? On real tables: three classes, two classes with a sigmoid unit, several numbers. Exit 1 where one is not.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
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
  const failed = cases.filter((each) => !check(each, rows));
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
  const result = python({
    labels,
    width: layers.at(-1).units,
    targets: columns.target,
    truth: rows.map((row) => (labels ? row[columns.label] : columns.target.map((target) => Number(row[target])))),
    predictions: predictions.map((each) => (labels ? byLabel(each) : each.values)),
    reported: flatten(evaluation),
  });
  console.log(JSON.stringify({ case: name, examples: rows.length, ...result }));
  return result.failures.length === 0;
}

function byLabel({ predictions }) {
  return Object.fromEntries(predictions.map(({ label, probability }) => [label, probability]));
}

/** Figures by name: `metrics.accuracy`, `perClass.<label>.recall`, `confusion.<true>.<predicted>`, `targets.<name>.mae`. */
function flatten({ loss, metrics, labels = [], confusion = [], perClass = [], targets = [] }) {
  const named = (prefix, list, key) =>
    list.flatMap((entry) => Object.entries(entry).map(([name, value]) => [`${prefix}.${entry[key]}.${name}`, value]));
  return Object.fromEntries([
    ["loss", loss],
    ...Object.entries(metrics).map(([name, value]) => [`metrics.${name}`, value]),
    ...named("perClass", perClass, "label"),
    ...named("targets", targets, "name"),
    ...confusion.flatMap((row, index) => row.map((count, at) => [`confusion.${labels[index]}.${labels[at]}`, count])),
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
