import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { recurrentChecks, recurrentModel } from "./recurrent-checks.mjs";

/** What the reference configs reach on the CPU (docs/reference-results.md), and how far from it a GPU may end. */
const trainings = [
  {
    kind: "CNN",
    config: "fashion-mnist-cnn",
    figure: "accuracy",
    reached: 0.9301,
    tolerance: 0.01,
    quick: ["train.epochs=1"],
  },
  {
    kind: "RNN",
    config: "ecg5000-gru",
    figure: "accuracy",
    reached: 0.9378,
    tolerance: 0.02,
    quick: ["train.epochs=3"],
  },
  {
    kind: "Transformer",
    config: "shakespeare-decoder",
    figure: "loss",
    reached: 1.7931,
    tolerance: 0.05,
    quick: ["data.window.stride=400"],
  },
];

/**
 * In half precision to the same figures. float16 takes minutes on a CPU (`isForGpu`), where the other one is rehearsed; its scale of the loss must
 * come to rest.
 */
const mixed = [
  { precision: "bfloat16", training: trainings[0] },
  { precision: "float16", training: trainings[0], isForGpu: true },
  { precision: "float16", training: trainings[1] },
  { precision: "bfloat16", training: trainings[2] },
];

/** At batch 256, the same that torch_steps.py computes. */
const benches = [
  ["cnn", "fashion-mnist-cnn", []],
  ["gru", "ecg5000-gru", [recurrentModel("gru")]],
  ["transformer", "shakespeare-decoder", []],
];

/** Runs all checks on what run.sh has unpacked to `work`; prints each, writes results.json there, and says whether all have passed. */
export async function runChecks(work, { device, quick }) {
  const isGpu = device.startsWith("gpu");
  const out = join(work, `results-${Date.now()}`);
  mkdirSync(out);
  const cache = join(work, "cache");
  if (!isGpu) rehearseOnCpu(cache);
  const run = runner(work, cache, out);
  const results = [];
  const check = async (name, action) => {
    const startedAt = performance.now();
    const result = await action().catch((error) => ({
      isPassed: false,
      problem: String(error.message).slice(0, 2000),
    }));
    results.push({ name, seconds: Math.round((performance.now() - startedAt) / 100) / 10, ...result });
    console.log(`${result.isPassed ? "passed" : "FAILED"}  ${JSON.stringify(results.at(-1))}`);
    writeFileSync(
      join(out, "results.json"),
      `${JSON.stringify({ device, quick, machine: machine(), results }, null, 2)}\n`,
    );
  };

  await check("doctor: a matrix product on the device", async () => {
    const { runtimes } = JSON.parse(await run(["doctor", "--json"]));
    const found = runtimes.find((runtime) => runtime.device === (isGpu ? "gpu" : "cpu"));
    const { computedOn, driver } = found.gpu ?? {};
    return {
      isPassed: found.available && (!isGpu || /GPU/.test(computedOn)),
      computedOn,
      gpus: driver?.gpus,
      problem: found.problem,
    };
  });
  for (const training of trainings) {
    await check(`${training.kind} to the CPU's ${training.figure}`, () =>
      trainAndEvaluate(run, out, device, quick, training),
    );
  }
  await check("what is told of the precision", () => tellPrecision(run, out, device));
  for (const { precision, training, isForGpu } of mixed) {
    if (isForGpu && !isGpu) continue;
    await check(`${training.kind} in ${precision}`, () =>
      trainAndEvaluate(run, out, device, quick, { ...training, precision }),
    );
  }
  for (const [name, action] of recurrentChecks({ run, out, work, device, quick })) await check(name, action);
  await check("outputs of the device beside the CPU's", () => compareOutputs(run, out, device));
  await check("outputs without TF32", () => compareOutputs(run, out, device, { NVIDIA_TF32_OVERRIDE: "0" }, 1e-4));
  await check("resumed from CPU to device and back", () => resume(run, out, device));
  await check("memory stays flat", () => watchMemory(run, out, device, quick));
  for (const bench of benches) {
    for (const precision of [undefined, "bfloat16"]) {
      await check(`throughput: ${bench[0]}, batch 256${precision ? `, ${precision}` : ""}`, () =>
        throughput(run, device, bench, quick, precision),
      );
    }
  }
  const passed = results.filter(({ isPassed }) => isPassed).length;
  console.log(`${passed} of ${results.length} passed; ${join(out, "results.json")}`);
  return passed === results.length;
}

/** The cpu device of this cache becomes the addon for GPUs, which computes on the CPU where it sees none. */
function rehearseOnCpu(cache) {
  const folder = join(cache, "dlctl");
  const names = readdirSync(folder);
  const gpu = names.find((name) => name.startsWith("addon-gpu-"));
  const cpu = names.find((name) => name.startsWith("addon-cpu-") && !name.endsWith(".kept"));
  if (existsSync(join(folder, `${cpu}.kept`))) rmSync(join(folder, cpu));
  else renameSync(join(folder, cpu), join(folder, `${cpu}.kept`));
  symlinkSync(gpu, join(folder, cpu));
  process.env.CUDA_VISIBLE_DEVICES = "";
}

function runner(work, cache, out) {
  const program = [join(work, "app", "bin", "dlctl")];
  return (args, { env = {}, onStart } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...program, ...args], {
        cwd: join(work, "app"),
        env: { ...process.env, XDG_CACHE_HOME: cache, ...env },
        timeout: 400_000,
      });
      const texts = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"]) child[name].on("data", (chunk) => (texts[name] += chunk));
      const stop = onStart?.(child.pid);
      child.on("close", (code) => {
        stop?.();
        writeFileSync(join(out, "log.txt"), `$ dlctl ${args.join(" ")}\n${texts.stderr}\n`, { flag: "a" });
        if (code === 0) resolve(texts.stdout);
        else reject(new Error(`dlctl ${args[0]} ended with ${code}: ${texts.stderr.slice(-1500)}`));
      });
    });
}

async function trainAndEvaluate(run, out, device, quick, training) {
  const { config, figure, reached, tolerance, precision, quick: less } = training;
  const model = join(out, precision ? `${config}-${precision}` : config);
  const startedAt = performance.now();
  const args = [
    "train",
    `configs/reference/${config}.json`,
    "--device",
    device,
    "--out",
    model,
    "--no-report",
    "--quiet",
    "--json",
  ];
  const asked = [...(precision ? [`train.precision=${precision}`] : []), ...(quick ? less : [])];
  const events = (await run([...args, ...asked]))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const used = events.find(({ event }) => event === "start")?.precision;
  const lossScale = events.findLast(({ event }) => event === "epoch")?.lossScale;
  const trainSeconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const evaluation = JSON.parse(await run(["evaluate", model, "--device", device, "--json", "--quiet"]));
  const value = evaluation[figure] ?? evaluation.metrics?.[figure];
  const isBetter = figure === "loss" ? value <= reached + tolerance : value >= reached - tolerance;
  return {
    isPassed: Number.isFinite(value) && (quick || isBetter) && (!precision || used === precision),
    precision: used,
    ...(lossScale && { lossScale }),
    [figure]: value,
    reachedOnCpu: reached,
    tolerance,
    trainSeconds,
  };
}

/** TF32 by default where the GPU has it, float32 where that is asked for. */
async function tellPrecision(run, out, device) {
  const used = async (...asked) => {
    const args = ["train", "configs/reference/ecg5000-gru.json", "train.epochs=1", ...asked, "--device", device];
    const lines = await run([...args, "--out", join(out, "told"), "--overwrite", "--no-report", "--quiet", "--json"]);
    return JSON.parse(lines.split("\n", 1)[0]).precision;
  };
  const [byDefault, exact] = [await used(), await used("train.precision=float32")];
  const hasTf32 = capability() >= 8;
  return { isPassed: exact === "float32" && byDefault === (hasTf32 ? "tf32" : "float32"), byDefault, exact };
}

/** Compute capability of the first GPU; 0 without one. */
function capability() {
  const { status, stdout } = nvidiaSmi("--query-gpu=compute_cap", "--format=csv,noheader");
  return status === 0 ? Number(stdout.split("\n")[0]) : 0;
}

/** The loss of the CNN over the whole test split in both, to six digits: what 10,000 images give together. And each answer. */
async function compareOutputs(run, out, device, env = {}, tolerance = 5e-3) {
  const evaluate = async (name, more) =>
    JSON.parse(
      await run(["evaluate", join(out, "fashion-mnist-cnn"), "--device", name, "--json", "--quiet"], { env: more }),
    );
  const [here, there] = [await evaluate(device, env), await evaluate("cpu", {})];
  const values = (evaluation) => ({
    loss: evaluation.loss ?? evaluation.metrics?.loss,
    accuracy: evaluation.accuracy ?? evaluation.metrics?.accuracy,
  });
  const [a, b] = [values(here), values(there)];
  const lossDifference = Math.abs(a.loss - b.loss) / b.loss;
  const accuracyDifference = Math.abs(a.accuracy - b.accuracy);
  return {
    isPassed: lossDifference <= tolerance && accuracyDifference <= tolerance,
    lossDifference,
    accuracyDifference,
    tolerance,
  };
}

/** Two epochs on one, two more on the other, and the other way round: the loss goes on falling. */
async function resume(run, out, device) {
  const ends = [];
  for (const [first, second] of [
    ["cpu", device],
    [device, "cpu"],
  ]) {
    const model = join(out, `resumed-${first.replace(":", "-")}-${ends.length}`);
    await run([
      "train",
      "configs/reference/ecg5000-gru.json",
      "train.epochs=2",
      "--device",
      first,
      "--out",
      model,
      "--no-report",
      "--quiet",
    ]);
    await run(["train", "--extend", model, "--epochs", "4", "--device", second, "--no-report", "--quiet"]);
    const history = readFileSync(join(model, "run", "history.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    ends.push(history.map(({ loss, metrics }) => loss ?? metrics?.loss));
  }
  return {
    isPassed: ends.every((losses) => losses.length === 4 && losses[3] < losses[1] && losses[2] < losses[0]),
    losses: ends,
  };
}

/** Memory of the process, and of the GPU, in a long training: the last third against the one before. */
async function watchMemory(run, out, device, quick) {
  const samples = [];
  const onStart = (pid) => {
    const timer = setInterval(() => samples.push({ process: residentMegabytes(pid), gpu: gpuMegabytes() }), 250);
    return () => clearInterval(timer);
  };
  const epochs = quick ? 60 : 300;
  const args = [
    "train",
    "configs/reference/ecg5000-gru.json",
    `train.epochs=${epochs}`,
    "--device",
    device,
    "--out",
    join(out, "long"),
  ];
  await run([...args, "--no-report", "--quiet"], { onStart });
  const third = Math.floor(samples.length / 3);
  const most = (from, to, kind) =>
    Math.max(
      ...samples
        .slice(from, to)
        .map((sample) => sample[kind])
        .filter(Number.isFinite),
      0,
    );
  const growth = (kind) => most(2 * third, samples.length, kind) - most(third, 2 * third, kind);
  const [processGrowth, gpuGrowth] = [growth("process"), growth("gpu")];
  const isEnough = samples.length >= 9;
  return {
    isPassed: isEnough && processGrowth < 50 && gpuGrowth < 50,
    processGrowth,
    gpuGrowth,
    samples: samples.length,
    last: samples.at(-1),
  };
}

function residentMegabytes(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1000;
  } catch {
    return Number.NaN;
  }
}

function gpuMegabytes() {
  const { status, stdout } = nvidiaSmi("--query-gpu=memory.used", "--format=csv,noheader,nounits");
  return status === 0 ? Number(stdout.split("\n")[0]) : Number.NaN;
}

async function throughput(run, device, [name, config, overrides], quick, precision) {
  const seconds = quick ? "1" : "5";
  const args = [
    "bench",
    `configs/reference/${config}.json`,
    ...overrides,
    ...(precision ? [`train.precision=${precision}`] : []),
    "train.batchSize=256",
    "--seconds",
    seconds,
    "--json",
    "--quiet",
  ];
  const { training } = JSON.parse(await run([...args, "--device", device]));
  const dlctl = training.examplesPerSecond;
  const torch = torchRate(name, device, seconds, precision);
  return {
    isPassed: dlctl > 0,
    engine: training.engine,
    dlctl,
    torch,
    gpu: training.gpu,
    ratio: typeof torch === "number" ? dlctl / torch : null,
  };
}

/** Examples a second of the same model in PyTorch, or why there are none. */
function torchRate(name, device, seconds, precision = "float32") {
  const script = new URL("./torch_steps.py", import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(
    "python3",
    [script, name, device.startsWith("gpu") ? "cuda" : "cpu", seconds, precision],
    { encoding: "utf8", timeout: 120_000 },
  );
  return status === 0
    ? JSON.parse(stdout.trim().split("\n").at(-1)).examplesPerSecond
    : `no PyTorch: ${String(stderr ?? "")
        .trim()
        .split("\n")
        .at(-1)}`;
}

function nvidiaSmi(...args) {
  return spawnSync("nvidia-smi", args, { encoding: "utf8" });
}

function machine() {
  const { stdout } = nvidiaSmi("--query-gpu=name,memory.total,driver_version", "--format=csv,noheader");
  return {
    processor: cpus()[0]?.model,
    cores: cpus().length,
    gpus: stdout?.trim() || null,
    date: new Date().toISOString().slice(0, 10),
  };
}
