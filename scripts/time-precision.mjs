// Compiled training steps of one model in two precisions, in turns in one process, so that whatever else the machine does meets both.
// Prints medians and the ratio.
//   npm run time:precision -- bfloat16 cnn-28 residual encoder     models of scripts/bench/models.mjs; `tf32` and `float16` are others
import { createRequire } from "node:module";
import { formOf, makeBatch, makeProgram, median } from "./bench/engines.mjs";
import { batchSize, models } from "./bench/models.mjs";

const dlctlModule = (name) => createRequire(import.meta.url)(`../dist/${name}.js`);
const rounds = 12;
const millisecondsOfRound = 300;

const [precision, ...names] = process.argv.slice(2);
await dlctlModule("runtime/start-runtime").startRuntime("cpu");
for (const name of names) report(name, models[name]);

function report(name, model) {
  const form = formOf(model.data);
  const batch = makeBatch(form);
  const engineOf = (precision) =>
    dlctlModule("engine/create-engine").createEngine({ ...makeProgram(model, form), precision }, "graph").engine;
  const [half, float] = [engineOf(precision), engineOf("float32")];
  const times = { half: [], float: [] };
  let step = 0;
  const timeOf = (engine, steps) => {
    const from = performance.now();
    for (let at = 0; at < steps; at++) engine.trainStep(batch, { step: step++, learningRate: 1e-3 });
    return (performance.now() - from) / steps;
  };
  for (const engine of [half, float]) timeOf(engine, 3);
  const steps = Math.max(1, Math.min(8, Math.round(millisecondsOfRound / timeOf(float, 1))));
  for (let round = 0; round < rounds; round++) {
    times.half.push(timeOf(half, steps));
    times.float.push(timeOf(float, steps));
  }
  const [halfTime, floatTime] = [median(times.half), median(times.float)];
  console.log(
    `${name}, ${batchSize} examples: ${precision} ${halfTime.toFixed(2)} ms a step, float32 ${floatTime.toFixed(2)} ms: ` +
      `${(floatTime / halfTime).toFixed(2)} times as fast`,
  );
}
