// `npm run check:mlflow`: does a real MLflow server have what a run logs? A server of its own on the loopback address, a training that is
// interrupted and resumed, one with the server gone; asked through MLflow's own client. Exit 1 where something is missing.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Checklist } from "./checklist.mjs";
import { freePort } from "./free-port.mjs";
import { pythonWithMlflow } from "./python-env.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const python = pythonWithMlflow();
const folder = mkdtempSync(join(tmpdir(), "dlctl-mlflow-"));
const model = join(folder, "model");
const dlctl = join(root, "bin", "dlctl");
const epochs = 40;
const checklist = new Checklist();
const expect = checklist.expect.bind(checklist);

try {
  const uri = `http://127.0.0.1:${await freePort()}`;
  writeConfig(uri);
  const server = startServer(uri);
  try {
    await untilUp(uri);
    await trainInTwoParts();
    check(uri);
  } finally {
    await server.stop();
  }
  checkWithoutServer();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = checklist.failures > 0 ? 1 : 0;

function writeConfig(uri) {
  const table = join(root, "data", "tables", "penguins.csv");
  const features = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"];
  const [head, ...lines] = readFileSync(table, "utf8").trim().split(/\r?\n/);
  const whole = lines.filter((line) => line.split(",").every((cell) => cell !== "" && cell !== "NA"));
  writeFileSync(join(folder, "penguins.csv"), `${[head, ...whole].join("\n")}\n`);
  const ignore = head.split(",").filter((name) => ![...features, "species"].includes(name));
  const config = {
    name: "penguins",
    data: {
      source: "csv",
      path: "penguins.csv",
      columns: { features, label: "species" },
      ignore,
      split: { validation: 0.2 },
      preprocess: [{ op: "standardize" }],
    },
    model: { layers: [{ type: "dense", units: "classes", activation: "softmax" }] },
    train: { epochs, batchSize: 4, mlflow: { uri, experiment: "dlctl's check" } },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
}

function startServer(uri) {
  const args = ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", new URL(uri).port, "--workers", "1"];
  const stores = ["--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`, "--artifacts-destination", folder];
  // A process group of its own: the server starts others.
  const server = spawn(python, [...args, ...stores], { stdio: "ignore", detached: true, cwd: folder });
  const exited = once(server, "exit");
  return {
    stop: async () => {
      if (server.exitCode === null) process.kill(-server.pid, "SIGTERM");
      await exited;
    },
  };
}

async function untilUp(uri) {
  for (let attempt = 0; attempt < 180; attempt++) {
    const isUp = await fetch(`${uri}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await wait(500);
  }
  throw new Error("MLflow's server does not answer after a minute and a half");
}

async function trainInTwoParts() {
  const args = [dlctl, "train", join(folder, "config.json"), "--out", model, "--json"];
  const first = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  first.stdout.on("data", (text) => {
    if (String(text).includes('"event":"epoch"')) first.kill("SIGINT");
  });
  const [code] = await once(first, "exit");
  expect("the first process was interrupted", code === 130, code);
  const second = spawnSync(process.execPath, [dlctl, "train", "--resume", model], { encoding: "utf8" });
  expect(
    "the second one finished, without a warning",
    second.status === 0 && !/MLflow/.test(second.stderr),
    second.stderr,
  );
}

function check(uri) {
  const script = join(root, "scripts", "check-mlflow", "read_run.py");
  const { status, stdout, stderr } = spawnSync(python, [script, uri, "dlctl's check"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`read_run.py ended with ${status}\n${stderr}`);
  const runs = JSON.parse(stdout);
  expect("one run, though two processes trained it", runs.length === 1, runs.length);
  const [run] = runs;
  expect("it is finished", run.status === "FINISHED", run.status);
  const history = readFileSync(join(model, "run", "history.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map(JSON.parse);
  for (const name of Object.keys(history[0].metrics)) {
    const wanted = history.map(({ epoch, metrics }) => [epoch, metrics[name]]);
    expect(`${name} at each epoch`, JSON.stringify(run.metrics[name]) === JSON.stringify(wanted), run.metrics[name]);
  }
  const wanted = { name: "penguins", "train.batchSize": "4", "model.layers.0.type": "dense" };
  for (const [key, value] of Object.entries(wanted)) {
    expect(`the parameter ${key}`, run.params[key] === value, run.params[key]);
  }
  const { versions, files } = JSON.parse(readFileSync(join(model, "dlctl.json"), "utf8"));
  expect("the version", run.tags["dlctl.version.dlctl"] === versions.dlctl, run.tags);
  expect("the sum of the weights", run.tags["dlctl.sha256.weights.bin"] === files["weights.bin"], run.tags);
  expect("dlctl.json beside it", run.artifacts.includes("dlctl.json"), run.artifacts);
}

function checkWithoutServer() {
  const args = [dlctl, "train", join(folder, "config.json"), "--out", join(folder, "alone")];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const warnings = stderr.split("\n").filter((line) => line.includes("MLflow"));
  expect("without the server: trained, and one warning", status === 0 && warnings.length === 1, { status, warnings });
}
