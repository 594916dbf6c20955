import type { tf } from "../tf";
import { executeFloat } from "./execute";
import type { KernelOverride } from "./kernel-override";

export const add: KernelOverride = {
  kernel: "Add",
  reason:
    "of a vector over the last axis (a bias), TensorFlow's BiasAdd is faster, and can be one with the op before it",
  run({ inputs, backend }) {
    const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const isFloat = a.dtype === "float32" && b.dtype === "float32";
    if (!isFloat || a.shape.length < 2 || b.shape.length !== 1 || a.shape.at(-1) !== b.shape[0]) return undefined;
    return executeFloat(backend, "BiasAdd", [a, b]);
  },
};
