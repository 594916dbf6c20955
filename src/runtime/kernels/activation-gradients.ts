import type { tf } from "../tf";
import { executeFloat } from "./execute";
import type { GradientOverride } from "./kernel-override";

const reason = "one op of TensorFlow's instead of several of tfjs's";

export const reluGradient: GradientOverride = {
  kernel: "Relu",
  reason,
  inputsToSave: ["x"],
  gradient: (dy, [x], _, backend) => executeFloat(backend, "ReluGrad", [dy, x as tf.Tensor]),
};

export const tanhGradient: GradientOverride = {
  kernel: "Tanh",
  reason,
  outputsToSave: [true],
  gradient: (dy, [y], _, backend) => executeFloat(backend, "TanhGrad", [y as tf.Tensor, dy]),
};

export const sigmoidGradient: GradientOverride = {
  kernel: "Sigmoid",
  reason,
  outputsToSave: [true],
  gradient: (dy, [y], _, backend) => executeFloat(backend, "SigmoidGrad", [y as tf.Tensor, dy]),
};
