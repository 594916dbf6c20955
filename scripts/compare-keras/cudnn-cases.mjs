import { dlctlModule, tf } from "./dlctl-modules.mjs";
import { randomNumbers } from "./numbers.mjs";

/** Sizes of which no two are alike, and one layer as they are. */
const sizes = [
  { batch: 2, steps: 4, features: 5, units: 3 },
  { batch: 3, steps: 1, features: 2, units: 7 },
  { batch: 8, steps: 20, features: 48, units: 64 },
];

/** What dlctl's graph gives to cuDNN's operation, on a machine without a GPU; the Python side looks at what Keras would give. */
export async function addCudnnCases(file, devices) {
  if (!devices.includes("cpu")) return;
  await dlctlModule("runtime/start-runtime").startRuntime("cpu");
  const random = randomNumbers(97);
  for (const mode of ["lstm", "gru"]) for (const size of sizes) add(file, random, mode, size);
}

function add(file, random, mode, { batch, steps, features, units }) {
  const width = units * (mode === "lstm" ? 4 : 3);
  const numbers = (shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return tf.tensor(
      Float32Array.from({ length }, () => random.next() - 0.5),
      shape,
    );
  };
  const x = numbers([batch, steps, features]);
  const weights = {
    kernel: numbers([features, width]),
    recurrentKernel: numbers([units, width]),
    bias: numbers(mode === "lstm" ? [width] : [2, width]),
  };
  const { cudnnKernel } = dlctlModule("model/recurrent/cudnn-kernel");
  const call = { inputs: [], attributes: {} };
  const stopped = new Error("that is all there is to see without a GPU");
  const native = {
    executeOp: (op, attributes, inputs) => {
      if (op !== "CudnnRNNV3") throw new Error(`${op} is not expected`);
      call.inputs = file.tensors(inputs);
      call.attributes = Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, Object.values(value)[0]]),
      );
      throw stopped;
    },
  };
  try {
    tf.tidy(() => cudnnKernel(native, mode)(x, weights, { mask: undefined, returnSequences: true }));
  } catch (error) {
    if (error !== stopped) throw error;
  }
  const name = `${mode}, ${units} units, ${features} features, ${steps} steps`;
  const given = file.tensors([x, weights.kernel, weights.recurrentKernel, weights.bias]);
  file.add({ kind: "cudnn", name, mode, given, call });
  tf.dispose([x, weights]);
}
