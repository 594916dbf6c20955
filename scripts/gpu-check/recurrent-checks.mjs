import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const layers = ["lstm", "gru"];

/** A model of one layer on the reference config's series, as torch_steps.py has it for the GRU. */
export const recurrentModel = (type) =>
  `model.layers=${JSON.stringify([
    { type, units: 128 },
    { type: "dense", units: "classes", activation: "softmax" },
  ])}`;

/** The variable that turns cuDNN's recurrent kernels off. */
const withoutCudnn = { DLCTL_CUDNN_RNN: "off" };

/**
 * cuDNN's recurrent kernels: `[name, action]` of each check. `run` is what calls dlctl, `out` the folder for results, `work` where app and cache are.
 * Without a GPU they must not be there, and everything must be as without them.
 */
export function recurrentChecks({ run, out, work, device, quick }) {
  const isGpu = device.startsWith("gpu");
  return [
    ["cuDNN's recurrent kernels beside TensorFlow's operations", () => (isGpu ? readProof(run) : seeFailure(work))],
    ...layers.flatMap((type) => [
      [`${type} trained with cuDNN's kernels and without`, () => compareTraining(run, out, device, type)],
      [
        `throughput: ${type}, batch 256, with cuDNN's kernels and without`,
        () => compareRates(run, device, quick, type),
      ],
    ]),
  ];
}

/** What doctor has just tried again on the card, in float32 without TF32: outputs and all gradients of eight layers. */
async function readProof(run) {
  const { runtimes } = JSON.parse(await run(["doctor", "--json"]));
  const { isProven = false, ...proof } = runtimes.find((runtime) => runtime.device === "gpu").gpu?.cudnn ?? {};
  return { isPassed: isProven, ...proof };
}

/** The program that tries them, where they can't be: it must fail by TensorFlow's word, and not crash. */
async function seeFailure(work) {
  const script = join(work, "app", "dist", "model", "recurrent", "prove-cudnn.js");
  const env = { ...process.env, XDG_CACHE_HOME: join(work, "cache") };
  const { status, signal, stderr } = spawnSync(process.execPath, [script, "cpu"], { encoding: "utf8", env });
  const told = stderr.split("\n").find((line) => line.startsWith("Message: "));
  return {
    isPassed: status === 1 && signal === null && /CudnnRNNV3/.test(told ?? ""),
    told: told ?? stderr.slice(-500),
  };
}

/** The same epochs in float32: all steps together are further apart than rounding where a gradient is wrong. */
async function compareTraining(run, out, device, type, tolerance = 2e-3) {
  const losses = [];
  for (const [name, env] of [
    ["with", {}],
    ["without", withoutCudnn],
  ]) {
    const model = join(out, `${type}-${name}-cudnn`);
    const args = [
      "configs/reference/ecg5000-gru.json",
      recurrentModel(type),
      "train.epochs=2",
      "train.precision=float32",
    ];
    await run(["train", ...args, "--device", device, "--out", model, "--no-report", "--quiet"], { env });
    const lines = readFileSync(join(model, "run", "history.jsonl"), "utf8")
      .trim()
      .split("\n");
    losses.push(lines.map((line) => JSON.parse(line).metrics.loss));
  }
  const [actual, expected] = losses;
  const difference = Math.max(...expected.map((loss, epoch) => Math.abs(actual[epoch] - loss) / loss));
  return { isPassed: difference <= tolerance, difference, tolerance, losses };
}

async function compareRates(run, device, quick, type) {
  const rate = async (env) => {
    const args = ["configs/reference/ecg5000-gru.json", recurrentModel(type), "train.batchSize=256"];
    const seconds = quick ? "1" : "4";
    const { training } = JSON.parse(
      await run(["bench", ...args, "--seconds", seconds, "--json", "--quiet", "--device", device], { env }),
    );
    return training.examplesPerSecond;
  };
  const [cudnn, others] = [await rate({}), await rate(withoutCudnn)];
  // Without a GPU both are the same.
  const isFaster = !device.startsWith("gpu") || cudnn > others;
  return { isPassed: cudnn > 0 && others > 0 && isFaster, cudnn, others, ratio: cudnn / others };
}
