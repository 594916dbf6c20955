// How much dlctl's own operations (src/runtime/native/ops) bring: compiled training steps of one model with and without
// them, in turns in one process, so that whatever else the machine does meets both. Prints medians and the ratio.
//   npm run time:own-ops -- lstm gru encoder decoder        models of scripts/bench/models.mjs over texts; the recurrent ones by default
import { createRequire } from "node:module";
import { batchSize, models } from "./bench/models.mjs";

const dlctlModule = (name) => createRequire(import.meta.url)(`../dist/${name}.js`);
const rounds = 12;
const stepsOfRound = 8;

const names = process.argv.slice(2);
await dlctlModule("runtime/start-runtime").startRuntime("cpu");
if (!dlctlModule("runtime/native-ops").nativeBackend().hasOwnOps) {
  throw new Error("dlctl's own operations are not there: `dlctl doctor` says why");
}
for (const name of names.length > 0 ? names : ["lstm", "gru"]) report(name, models[name]);

function report(name, model) {
  const { tokens, vocabulary } = model.data;
  // A language model predicts a character at each step, the others one of two classes.
  const isSequence = model.data.kind === "characters";
  const classes = isSequence ? vocabulary : 2;
  const batch = makeBatch(tokens, vocabulary, classes, isSequence);
  const own = makeEngine(model, tokens, vocabulary, classes, undefined);
  const plain = makeEngine(model, tokens, vocabulary, classes, "off");
  const times = { own: [], plain: [] };
  let step = 0;
  for (let round = -1; round < rounds; round++) {
    for (const [kind, engine] of Object.entries({ own, plain })) {
      const from = performance.now();
      for (let at = 0; at < stepsOfRound; at++) engine.trainStep(batch, { step: step++, learningRate: 1e-3 });
      if (round >= 0) times[kind].push((performance.now() - from) / stepsOfRound);
    }
  }
  const [ownTime, plainTime] = [median(times.own), median(times.plain)];
  const perSecond = (time) => Math.round((1000 * batchSize) / time).toLocaleString("en");
  console.log(
    `${name}: own ${ownTime.toFixed(2)} ms a step (${perSecond(ownTime)} sequences/s), TensorFlow's ` +
      `${plainTime.toFixed(2)} ms (${perSecond(plainTime)}): ${(plainTime / ownTime).toFixed(2)} times as fast`,
  );
}

function makeEngine(model, tokens, vocabulary, classes, ownOps) {
  if (ownOps) process.env.DLCTL_NATIVE_OPS = ownOps;
  else delete process.env.DLCTL_NATIVE_OPS;
  const layers = model.config.model.layers.map((layer) =>
    dlctlModule("model/layer-config").layerSchema.parse({
      ...layer,
      ...(layer.type === "embedding" ? { inputDim: vocabulary } : {}),
    }),
  );
  const built = dlctlModule("model/build-model").buildModel({
    layers,
    input: { shape: [tokens], dtype: "int32" },
    classes,
    seed: 5,
  });
  const program = {
    model: built,
    deviceStage: (inputs) => inputs.clone(),
    augmentation: undefined,
    loss: lossOf(model),
    metrics: [],
    optimizer: dlctlModule("optimization/optimizer-config").bindOptimizer(
      dlctlModule("optimization/optimizer-config").optimizerSchema.parse({ type: "adam" }),
    ),
    classes,
    inputDtype: "int32",
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

function makeBatch(tokens, vocabulary, classes, isSequence) {
  const count = batchSize;
  let state = 1;
  const random = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return {
    inputs: {
      data: Int32Array.from({ length: count * tokens }, () => 1 + random(vocabulary - 1)),
      shape: [count, tokens],
    },
    targets: {
      data: Int32Array.from({ length: isSequence ? count * tokens : count }, () => random(classes)),
      shape: isSequence ? [count, tokens] : [count],
    },
    examples: Int32Array.from({ length: count }, (_, at) => at),
    count,
  };
}

function median(times) {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
}
