import { compareCudnn, cudnnCases } from "../../../../src/model/recurrent/compare-cudnn";
import { cudnnTolerance } from "../../../../src/runtime/cuda/prove-cudnn";
import { type NativeOps, nativeBackend } from "../../../../src/runtime/native-ops";
import { tf } from "../../../../src/runtime/tf";
import { type Mistake, withEmulatedCudnn, withoutKernel } from "../../../helpers/emulated-cudnn";
import { describeNative } from "../../../helpers/runtime";

const native = () => nativeBackend() as NativeOps;
/** Those whose gradients by differences take no time. */
const smallCases = cudnnCases.filter(({ units }) => units < 10);

describeNative("recurrent layers by cuDNN", () => {
  test.each(smallCases)("equal TensorFlow's operations beside cuDNN's equations, with all gradients: %j", (one) => {
    const tensors = tf.memory().numTensors;
    const { difference } = withEmulatedCudnn(() => compareCudnn(native(), [one]));
    expect(difference).toBeLessThan(3e-6);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test("can't be computed without a GPU, and TensorFlow says so", () => {
    const tensors = tf.memory().numTensors;
    expect(() => compareCudnn(native(), smallCases)).toThrow(withoutKernel("CudnnRNNV3"));
    expect(tf.memory().numTensors).toBe(tensors);
  });

  /** Exchanges two gates in the weights, the biases, or a part of them. */
  const exchange =
    (a: number, b: number, parts: "all" | "biases"): Mistake =>
    (parameters, { mode, features, units }) => {
      const gates = mode === "lstm" ? 4 : 3;
      const sizes = [features * units, units * units, units, units];
      const changed = parameters.slice();
      let start = 0;
      sizes.forEach((size, part) => {
        const gate = (index: number) => parameters.slice(start + index * size, start + (index + 1) * size);
        if (parts === "all" || part >= 2) {
          changed.set(gate(a), start + b * size);
          changed.set(gate(b), start + a * size);
        }
        start += gates * size;
      });
      return changed;
    };
  const withoutBias: Mistake = (parameters, { mode, units }) => {
    const changed = parameters.slice();
    return changed.fill(0, changed.length - units * (mode === "lstm" ? 4 : 3));
  };
  const exchangedBiases: Mistake = (parameters, { mode, units }) => {
    const width = units * (mode === "lstm" ? 4 : 3);
    const start = parameters.length - 2 * width;
    const changed = parameters.slice();
    changed.set(parameters.slice(start + width), start);
    changed.set(parameters.slice(start, start + width), start + width);
    return changed;
  };
  const notTransposed: Mistake = (parameters, { mode, features, units }) => {
    const changed = parameters.slice();
    const rows = units * (mode === "lstm" ? 4 : 3);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < features; column++)
        changed[column * rows + row] = parameters[row * features + column] as number;
    return changed;
  };

  test.each([
    ["lstm", "input and forget gate exchanged", exchange(0, 1, "all")],
    ["lstm", "candidate and output gate exchanged", exchange(2, 3, "all")],
    ["lstm", "two biases exchanged", exchange(1, 2, "biases")],
    ["lstm", "no bias", withoutBias],
    ["lstm", "kernels that lie the other way", notTransposed],
    ["gru", "reset and update gate exchanged", exchange(0, 1, "all")],
    ["gru", "update gate and candidate exchanged", exchange(1, 2, "all")],
    ["gru", "two biases exchanged", exchange(0, 1, "biases")],
    ["gru", "no bias of the state", withoutBias],
    ["gru", "the biases of inputs and state exchanged", exchangedBiases],
    ["gru", "kernels that lie the other way", notTransposed],
  ])("%s: %s would not pass for proven, in any case of the proof", (mode, _, mistake) => {
    for (const one of smallCases.filter((one) => one.mode === mode)) {
      const { difference } = withEmulatedCudnn(() => compareCudnn(native(), [one]), mistake);
      expect(difference).toBeGreaterThan(6 * cudnnTolerance);
    }
  });
});
