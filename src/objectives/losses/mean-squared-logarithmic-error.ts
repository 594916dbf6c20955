import type { tf } from "../../runtime/tf";
import { defineLoss } from "./define-loss";
import { probabilityEpsilon } from "./probability-epsilon";

export const meanSquaredLogarithmicError = defineLoss({
  type: "meanSquaredLogarithmicError",
  description: "Mean over the outputs of (log(1 + y) - log(1 + x))^2, where y and x are at least 1e-7.",
  options: {},
  targets: ["values"],
  perExample: (_options, targets, outputs) => logarithm(outputs).sub(logarithm(targets)).square().mean(-1).as1D(),
});

function logarithm(x: tf.Tensor): tf.Tensor {
  return x.maximum(probabilityEpsilon).log1p();
}
