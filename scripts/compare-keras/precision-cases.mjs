import { dlctlModule } from "./dlctl-modules.mjs";
import { longTrainingCases } from "./long-training-cases.mjs";
import { storedCase } from "./stored-case.mjs";
import { inKerasOrder, makeEngine, withExamples } from "./training-cases.mjs";

/** Where rounding leads a run is a matter of luck: three of them, on other batches each. */
const draws = [41, 1041, 2041];

/** Fifty steps of compiled training in bfloat16, and in float32; the Python side does the same by Keras's policy mixed_bfloat16. */
export async function addPrecisionCases(file, devices) {
  if (!devices.includes("cpu")) return;
  await dlctlModule("runtime/start-runtime").startRuntime("cpu");
  for (const entry of longTrainingCases) for (const draw of draws) add(file, draw, entry);
}

function add(file, draw, { name, layers: given, optimizer, inputShape, dtype, classes, steps, makeBatch }) {
  const layers = given.map((layer) => dlctlModule("model/layer-config").layerSchema.parse(layer));
  const lossConfig = dlctlModule("objectives/loss-config").lossSchema.parse("categoricalCrossentropy");
  const optimizerConfig = dlctlModule("optimization/optimizer-config").optimizerSchema.parse(optimizer);
  const batches = Array.from({ length: steps }, (_, step) => withExamples(makeBatch(draw + step)));
  const losses = {};
  let initial;
  for (const precision of ["float32", "bfloat16"]) {
    const { buildModel } = dlctlModule("model/build-model");
    const model = buildModel({ layers, input: { shape: inputShape, dtype }, classes, seed: 5 });
    initial ??= file.tensors(inKerasOrder(model));
    const engine = makeEngine("graph", { model, lossConfig, optimizerConfig, classes, dtype, precision });
    losses[precision] = batches.map((batch, step) => {
      const { lossSum, count } = engine.trainStep(batch, { step, learningRate: optimizerConfig.learningRate });
      return lossSum / count;
    });
    engine.dispose();
    model.dispose();
  }
  const stored = storedCase(file, { batches, layers, classes });
  const configs = { inputShape, loss: lossConfig, optimizer: optimizerConfig };
  file.add({ kind: "precision", name, ...stored, ...configs, initial, losses });
}
