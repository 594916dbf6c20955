// How fast programs (src/engine/program) predict beside TensorFlow's graphs of the same models: medians of calls in turns in one process,
// and by how much the outputs differ as a share of the largest.
//   npm run time:programs -- cnn-28 lstm     models of scripts/bench/models.mjs; all by default
import { createRequire } from "node:module";
import { models } from "./bench/models.mjs";

const dlctlModule = (name) => createRequire(import.meta.url)(`../dist/${name}.js`);
const turns = 4;
const millisecondsOfTurn = 50;

await dlctlModule("runtime/start-runtime").startRuntime("cpu");
const { compileProgram } = dlctlModule("engine/program/compile-program");
const { compileFunction } = dlctlModule("engine/graph/compile-function");
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(models);
for (const name of names) report(name, models[name]);

function report(name, { data, config }) {
  const isImages = data.kind === "images";
  const shape = isImages ? [data.size, data.size, data.channels] : [data.tokens];
  const layers = config.model.layers.map((layer) =>
    dlctlModule("model/layer-config").layerSchema.parse({
      ...layer,
      ...(layer.type === "embedding" ? { inputDim: data.vocabulary } : {}),
    }),
  );
  const classes = isImages ? data.classes : data.kind === "characters" ? data.vocabulary : 2;
  const input = { shape, dtype: isImages ? "float32" : "int32" };
  const model = dlctlModule("model/build-model").buildModel({ layers, input, classes, seed: 5 });
  const { applyModel } = dlctlModule("engine/apply-model");
  const compiling = [
    dlctlModule("runtime/load-native").currentNativeBackend(),
    { inputs: { dtype: isImages ? "uint8" : "int32", shape } },
    dlctlModule("engine/graph/record-step").namedWeights(model),
    ({ inputs }) => ({ outputs: applyModel(model, isImages ? inputs.div(255) : inputs, false).toFloat() }),
  ];
  const { program } = compileProgram(...compiling);
  const graph = compileFunction(...compiling);
  const figures = [1, 32].map((batch) => compare(program, graph, { inputs: inputsOf(data, shape, batch) }, batch));
  console.log(`${name}: ${figures.join("; ")}`);
}

function compare(program, graph, inputs, batch) {
  const [own, expected] = [program, graph].map((way) => Array.from(way.run(inputs).outputs.data));
  const largest = Math.max(...expected.map(Math.abs));
  const difference = Math.max(...expected.map((value, at) => Math.abs(value - own[at]))) / largest;
  const times = new Map([program, graph].map((way) => [way, []]));
  for (let turn = 0; turn < turns; turn++) {
    for (const [way, list] of times) {
      const until = performance.now() + millisecondsOfTurn;
      do {
        const from = performance.now();
        way.run(inputs);
        list.push(performance.now() - from);
      } while (performance.now() < until);
    }
  }
  const [ours, theirs] = [...times.values()].map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
  const micro = (time) => `${Math.round(1000 * time)} µs`;
  return `batch ${batch}: program ${micro(ours)}, graph ${micro(theirs)}, ${(theirs / ours).toFixed(2)} times as fast, within ${difference.toExponential(0)}`;
}

function inputsOf({ kind, vocabulary }, shape, batch) {
  const count = shape.reduce((product, size) => product * size, batch);
  const data =
    kind === "images"
      ? Uint8Array.from({ length: count }, (_, index) => (index * 7919) % 256)
      : Int32Array.from({ length: count }, (_, index) => 1 + ((index * 7919) % (vocabulary - 1)));
  return { data, shape: [batch, ...shape] };
}
