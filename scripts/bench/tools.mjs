// The tools that are compared, each with one shape of result:
// { rates: examples per second of each epoch but the first, losses, parameters, peakMemory, seconds, predictions }
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runDlctl, runPython } from "./processes.mjs";

const parsed = ({ lines }) => lines.map((line) => JSON.parse(line));

/** `dlctl train` and `dlctl bench` as users call them. */
export async function runWithDlctl({ folder, examples, seconds }) {
  const model = join(folder, "model");
  const training = await runDlctl(["train", join(folder, "config.json"), "--out", model, "--overwrite", "--json"]);
  const { engine } = parsed(training).find(({ event }) => event === "start");
  if (engine !== "graph") throw new Error(`dlctl trained by the ${engine} engine`);
  const epochs = parsed({
    lines: readFileSync(join(model, "run", "history.jsonl"), "utf8")
      .trim()
      .split("\n"),
  });
  const { parameters } = JSON.parse(readFileSync(join(model, "dlctl.json"), "utf8"));
  const [{ prediction }] = parsed(await runDlctl(["bench", model, "--json", "--seconds", String(seconds)]));
  return {
    rates: epochs.slice(1).map(({ seconds }) => examples / seconds),
    losses: epochs.map(({ metrics }) => metrics.loss),
    parameters,
    peakMemory: training.peakMemory,
    seconds: training.seconds,
    predictions: Object.fromEntries(
      prediction.batches.map(({ batchSize, latency }) => [`batch ${batchSize}`, (1000 * batchSize) / latency.p50]),
    ),
  };
}

const recurrent = ["lstm", "gru"];
const convolutional = ["cnn-28", "cnn-224", "residual"];

/** Ways to train with Keras that may be the best for a model. */
export function kerasVariants(name) {
  return [
    "tf.data",
    // Augmentation is done in the tf.data pipeline.
    ...(name === "residual" ? [] : ["arrays"]),
    "8 steps an execution",
    "jit_compile",
    ...(recurrent.includes(name) ? ["unrolled"] : []),
  ];
}

export function torchVariants(name) {
  const variants = ["eager", "torch.compile"];
  return convolutional.includes(name)
    ? variants.flatMap((variant) => [variant, `${variant}, channels last`])
    : variants;
}

export const runKeras = (python, spec) => runPython(python, "keras_bench.py", spec);
export const runTorch = (python, spec) => runPython(python, "torch_bench.py", spec);
export const runOnnx = (python, spec) => runPython(python, "onnx_bench.py", spec);

/** The best of what was tried, by name; throws where nothing worked. */
export function bestOf(tried) {
  const [best] = Object.entries(tried)
    .filter(([, rate]) => rate !== null)
    .sort(([, a], [, b]) => b - a);
  if (!best) throw new Error(`none of ${Object.keys(tried).join(", ")} worked`);
  return best[0];
}
