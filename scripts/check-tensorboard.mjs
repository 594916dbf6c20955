// `npm run check:tensorboard`: does the real TensorBoard show what a run writes? A short training on pictures, interrupted and resumed in
// between; its event files are read with TensorBoard's own EventAccumulator and asked for through TensorBoard's web server.
// Exit 1 where something is missing or not what history.jsonl and the model say.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Checklist } from "./checklist.mjs";
import { freePort } from "./free-port.mjs";
import { pythonWithTensorBoard } from "./python-env.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const python = pythonWithTensorBoard();
const folder = mkdtempSync(join(tmpdir(), "dlctl-tensorboard-"));
const model = join(folder, "model");
const epochs = 8;
const checklist = new Checklist();
const expect = checklist.expect.bind(checklist);

try {
  await train();
  const history = readFileSync(join(model, "run", "history.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map(JSON.parse);
  checkFiles(history);
  await checkServer(history);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = checklist.failures > 0 ? 1 : 0;

/** The quickstart's pictures with a smaller model, stopped after the first epoch's line, and resumed. */
async function train() {
  const config = JSON.parse(readFileSync(join(root, "configs", "quick", "quickstart.json"), "utf8"));
  config.data = withAbsolutePaths(config.data);
  config.data.augment = [{ op: "flip", direction: "horizontal" }];
  config.model.layers = [
    { type: "flatten" },
    { type: "dense", units: 16, activation: "relu" },
    { type: "dense", units: "classes", activation: "softmax" },
  ];
  config.train = { ...config.train, epochs, tensorBoard: { gradients: true, images: 3 } };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const args = [join(root, "bin", "dlctl"), "train", join(folder, "config.json"), "--out", model, "--json"];
  const first = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let told = "";
  first.stdout.on("data", (text) => {
    told += text;
    if (told.includes('"event":"epoch"')) first.kill("SIGINT");
  });
  const [code] = await once(first, "exit");
  expect("the first process was interrupted", code === 130, code);
  const second = spawnSync(process.execPath, [join(root, "bin", "dlctl"), "train", "--resume", model], {
    encoding: "utf8",
  });
  expect("the second one finished", second.status === 0, second.stderr);
}

function withAbsolutePaths(data) {
  const isPath = (value) => typeof value === "string" && value.startsWith("..");
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, isPath(value) ? join(root, "configs", "quick", value) : value]),
  );
}

function checkFiles(history) {
  const script = join(root, "scripts", "check-tensorboard", "read_events.py");
  const { status, stdout, stderr } = spawnSync(python, [script, join(model, "run", "tensorboard")], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`read_events.py ended with ${status}\n${stderr}`);
  const { train, validation } = JSON.parse(stdout);
  for (const [name, run, prefix] of [
    ["train", train, ""],
    ["validation", validation, "val_"],
  ]) {
    for (const metric of ["loss", "accuracy"]) {
      const found = run.scalars[`epoch_${metric}`];
      const wanted = history.map(({ epoch, metrics }) => [epoch, Math.fround(metrics[prefix + metric])]);
      expect(`${name} epoch_${metric}: the history's values`, JSON.stringify(found) === JSON.stringify(wanted), found);
    }
  }
  const { layers, sizes } = weights();
  const epochsShown = Array.from({ length: epochs + 1 }, (_, epoch) => epoch);
  for (const [name, size] of sizes) {
    for (const tag of [name, `${name}/gradient`]) {
      const found = train.histograms[tag];
      const isRight =
        JSON.stringify(found?.map(({ step }) => step)) === JSON.stringify(epochsShown) &&
        found.every(({ count, buckets }) => count === size && buckets === size);
      expect(`histograms of ${tag}: ${size} numbers at each epoch`, isRight, found);
    }
  }
  expect(
    "three pictures of the data's size",
    JSON.stringify(train.images) ===
      JSON.stringify([0, 1, 2].map((index) => [`training_images/${index}`, [1, 28, 28, 137, 80]])),
    train.images,
  );
  expect(
    "the graph has each layer",
    layers.every((name) => train.graph?.includes(name)),
    train.graph,
  );
}

/** Names of the layers, and the trainable weights with their sizes, of the model that was written. */
function weights() {
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(model, "model.json"), "utf8"));
  const layers = (modelTopology.model_config ?? modelTopology).config.layers.map(({ config }) => config.name);
  const entries = weightsManifest.flatMap(({ weights }) => weights);
  return {
    layers,
    sizes: entries.map(({ name, shape }) => [name, shape.reduce((product, size) => product * size, 1)]),
  };
}

async function checkServer(history) {
  const port = await freePort();
  const args = ["-m", "tensorboard.main", "--logdir", join(model, "run", "tensorboard"), "--host", "127.0.0.1"];
  const server = spawn(python, [...args, "--port", String(port)], { stdio: "ignore" });
  const exited = once(server, "exit");
  try {
    const base = `http://127.0.0.1:${port}/data`;
    await untilLoaded(base);
    const ask = async (route, query = {}) => {
      const response = await fetch(`${base}/plugin/${route}?${new URLSearchParams(query)}`);
      if (!response.ok) throw new Error(`${route} answered ${response.status}`);
      return response;
    };
    const json = async (...request) => (await ask(...request)).json();
    const environment = await (await fetch(`${base}/environment`)).json();
    console.log(`TensorBoard ${environment.version} on the run`);
    const scalars = await json("scalars/scalars", { run: "train", tag: "epoch_loss" });
    expect("the server's curve is the history's", sameCurve(scalars, history), scalars);
    const tag = weights().sizes[0][0];
    const series = await json("histograms/histograms", { run: "train", tag });
    expect(`the server's histograms of ${tag}`, series.length === epochs + 1 && series[0][2].length > 1, series);
    const images = await json("images/images", { run: "train", tag: "training_images/0", sample: 0 });
    const picture = await fetch(`${base}/plugin/images/individualImage?${images[0]?.query}`);
    const bytes = Buffer.from(await picture.arrayBuffer());
    expect("the server's picture is a PNG", bytes.subarray(1, 4).toString() === "PNG", [picture.status, images]);
    const info = await json("graphs/info");
    expect("the server knows the graph", info.train?.run_graph === true, info);
    const graph = await (await ask("graphs/graph", { run: "train", conceptual: false })).text();
    expect(
      "the server's graph has the layers",
      weights().layers.every((name) => graph.includes(`name: "${name}"`)),
      graph.slice(0, 500),
    );
  } finally {
    server.kill();
    await exited;
  }
}

function sameCurve(scalars, history) {
  return (
    JSON.stringify(scalars.map(([, step, value]) => [step, Math.fround(value)])) ===
    JSON.stringify(history.map(({ epoch, metrics }) => [epoch, Math.fround(metrics.loss)]))
  );
}

/** The server answers before it has read the files. */
async function untilLoaded(base) {
  for (let attempt = 0; attempt < 120; attempt++) {
    const runs = await fetch(`${base}/runs`).then(
      (response) => response.json(),
      () => [],
    );
    const isLoaded = runs.length === 2;
    if (isLoaded) {
      const ask = async (route) => (await fetch(`${base}/plugin/${route}`)).json();
      const [scalars, images] = [await ask("scalars/tags"), await ask("images/tags")];
      const points = scalars.train?.epoch_loss ? await ask("scalars/scalars?run=train&tag=epoch_loss") : [];
      const [tag] = weights().sizes[0];
      const histograms = points.length > 0 ? await ask(`histograms/histograms?run=train&tag=${tag}`) : [];
      const isWhole = points.length === epochs && histograms.length === epochs + 1;
      if (isWhole && scalars.validation?.epoch_loss && images.train) return;
    }
    await wait(500);
  }
  throw new Error("TensorBoard does not show the run after a minute");
}
