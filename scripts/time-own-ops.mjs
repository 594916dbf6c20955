// How much dlctl's own operations (src/runtime/native/ops) bring: compiled training steps of one model with and without
// them, in turns in one process, so that whatever else the machine does meets both. Prints medians and the ratio.
//   npm run time:own-ops -- lstm gru encoder decoder cnn-28 cnn-224 residual     models of scripts/bench/models.mjs; the recurrent ones by default
//   npm run time:own-ops -- --adam lstm     with all of them, and with all but our own Adam
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { batchSize, models } from "./bench/models.mjs";

const dlctlModule = (name) => createRequire(import.meta.url)(`../dist/${name}.js`);
const rounds = 12;
const stepsOfRound = 8;
/** Of larger models fewer. */
const millisecondsOfRound = 400;

const { positionals: names, values: options } = parseArgs({
  options: { adam: { type: "boolean", default: false } },
  allowPositionals: true,
});
await dlctlModule("runtime/start-runtime").startRuntime("cpu");
if (!dlctlModule("runtime/native-ops").nativeBackend().hasOwnOps) {
  throw new Error("dlctl's own operations are not there: `dlctl doctor` says why");
}
for (const name of names.length > 0 ? names : ["lstm", "gru"]) report(name, models[name]);

function report(name, model) {
  const form = formOf(model.data);
  const batch = makeBatch(form);
  const own = makeEngine(model, form, {});
  const plain = makeEngine(model, form, options.adam ? { adam: "off" } : { all: "off" });
  const times = { own: [], plain: [] };
  let step = 0;
  const timeOf = (engine, steps) => {
    const from = performance.now();
    for (let at = 0; at < steps; at++) engine.trainStep(batch, { step: step++, learningRate: 1e-3 });
    return (performance.now() - from) / steps;
  };
  for (const engine of [own, plain]) timeOf(engine, 3);
  const steps = Math.min(stepsOfRound, Math.max(1, Math.round(millisecondsOfRound / timeOf(plain, 1))));
  for (let round = 0; round < rounds; round++) {
    times.own.push(timeOf(own, steps));
    times.plain.push(timeOf(plain, steps));
  }
  const [ownTime, plainTime] = [median(times.own), median(times.plain)];
  const perSecond = (time) => Math.round((1000 * batchSize) / time).toLocaleString("en");
  console.log(
    `${name}: own ${ownTime.toFixed(2)} ms a step (${perSecond(ownTime)} examples/s), TensorFlow's${options.adam ? " Adam" : ""} ` +
      `${plainTime.toFixed(2)} ms (${perSecond(plainTime)}): ${(plainTime / ownTime).toFixed(2)} times as fast`,
  );
}

/** Shape of an example's inputs and of its targets, and of how many numbers and classes they are. */
function formOf({ kind, size, channels, tokens, vocabulary, classes }) {
  if (kind === "images") return { dtype: "uint8", shape: [size, size, channels], values: 256, targets: [], classes };
  // A language model predicts a character at each step, the others one of two classes.
  const isSequence = kind === "characters";
  return {
    dtype: "int32",
    shape: [tokens],
    values: vocabulary,
    targets: isSequence ? [tokens] : [],
    classes: isSequence ? vocabulary : 2,
  };
}

function makeEngine(model, { shape, dtype, values, classes }, own) {
  if (own.all) process.env.DLCTL_NATIVE_OPS = own.all;
  else delete process.env.DLCTL_NATIVE_OPS;
  const layers = model.config.model.layers.map((layer) =>
    dlctlModule("model/layer-config").layerSchema.parse({
      ...layer,
      ...(layer.type === "embedding" ? { inputDim: values } : {}),
    }),
  );
  const built = dlctlModule("model/build-model").buildModel({
    layers,
    input: { shape, dtype: dtype === "int32" ? "int32" : "float32" },
    classes,
    seed: 5,
  });
  const { bindOptimizer, optimizerSchema } = dlctlModule("optimization/optimizer-config");
  const adam = bindOptimizer(optimizerSchema.parse({ type: "adam" }));
  const program = {
    model: built,
    deviceStage: (inputs) => (dtype === "uint8" ? inputs.div(255) : inputs.clone()),
    augmentation: undefined,
    loss: lossOf(model),
    metrics: [],
    optimizer: own.adam === "off" ? { ...adam, adam: undefined } : adam,
    classes,
    inputDtype: dtype,
    seed: 5,
  };
  return dlctlModule("engine/create-engine").createEngine(program, "graph").engine;
}

function lossOf({ data }) {
  const { bindLoss, lossSchema } = dlctlModule("objectives/loss-config");
  const config = lossSchema.parse("categoricalCrossentropy");
  if (data.kind === "characters") return dlctlModule("objectives/sequence-loss").bindSequenceLoss(config);
  return bindLoss(config, "oneHot");
}

function makeBatch({ dtype, shape, values, targets, classes }) {
  const count = batchSize;
  let state = 1;
  const random = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const sizeOf = (lengths) => lengths.reduce((product, length) => product * length, count);
  const Numbers = dtype === "uint8" ? Uint8Array : Int32Array;
  return {
    inputs: { data: Numbers.from({ length: sizeOf(shape) }, () => 1 + random(values - 1)), shape: [count, ...shape] },
    targets: {
      data: Int32Array.from({ length: sizeOf(targets) }, () => random(classes)),
      shape: [count, ...targets],
    },
    examples: Int32Array.from({ length: count }, (_, at) => at),
    count,
  };
}

function median(times) {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
}
