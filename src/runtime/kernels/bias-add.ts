import { tf } from "../tf";
import { executeFloat } from "./execute";
import type { KernelCall, KernelOverride } from "./kernel-override";

const activations = new Map<string, (x: tf.Tensor) => tf.Tensor>([
  ["linear", (x) => x],
  ["relu", tf.relu],
]);

/** `product(x)` plus a bias over the last axis, then the activation; undefined where that is not what is asked for. */
function withBias({ inputs, attrs, backend }: KernelCall, product: () => tf.Tensor): tf.Tensor | undefined {
  const { bias } = inputs;
  const activation = activations.get((attrs.activation as string | undefined) ?? "linear");
  const isPlain = bias?.shape.length === 1 && bias.dtype === "float32" && activation !== undefined;
  return isPlain ? tf.tidy(() => activation(executeFloat(backend, "BiasAdd", [product(), bias]))) : undefined;
}

const reason = "TensorFlow's BiasAdd is faster than an addition that broadcasts";

export const fusedMatMul: KernelOverride = {
  kernel: "_FusedMatMul",
  reason,
  run(call) {
    const { a, b } = call.inputs as { a: tf.Tensor; b: tf.Tensor };
    const { transposeA, transposeB } = call.attrs as { transposeA: boolean; transposeB: boolean };
    return withBias(call, () => tf.matMul(a, b, transposeA, transposeB));
  },
};

export const fusedConv2d: KernelOverride = {
  kernel: "FusedConv2D",
  reason,
  run(call) {
    const { x, filter } = call.inputs as { x: tf.Tensor; filter: tf.Tensor };
    const { strides, pad, dataFormat, dilations, dimRoundingMode } = call.attrs as Parameters<typeof convolve>[2];
    return withBias(call, () => convolve(x, filter, { strides, pad, dataFormat, dilations, dimRoundingMode }));
  },
};

function convolve(
  x: tf.Tensor,
  filter: tf.Tensor,
  {
    strides,
    pad,
    dataFormat,
    dilations,
    dimRoundingMode,
  }: {
    strides: [number, number];
    pad: "valid" | "same" | number;
    dataFormat: "NHWC";
    dilations: [number, number];
    dimRoundingMode: "floor" | "round" | "ceil" | undefined;
  },
): tf.Tensor {
  return tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, dataFormat, dilations, dimRoundingMode);
}
