// How much dlctl's own operations (src/runtime/native/ops) bring: compiled training steps of one model with and without
// them, in turns in one process, so that whatever else the machine does meets both. Prints medians and the ratio.
//   npm run time:own-ops -- lstm gru encoder decoder cnn-28 cnn-224 residual     models of scripts/bench/models.mjs; the recurrent ones by default
//   npm run time:own-ops -- --adam lstm     with all of them, and with all but our own Adam
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { formOf, makeBatch, makeProgram, median } from "./bench/engines.mjs";
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

function makeEngine(model, form, own) {
  if (own.all) process.env.DLCTL_NATIVE_OPS = own.all;
  else delete process.env.DLCTL_NATIVE_OPS;
  const program = makeProgram(model, form);
  const optimizer = own.adam === "off" ? { ...program.optimizer, adam: undefined } : program.optimizer;
  return dlctlModule("engine/create-engine").createEngine({ ...program, optimizer }, "graph").engine;
}
