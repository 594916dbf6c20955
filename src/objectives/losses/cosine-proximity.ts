import { tf } from "../../runtime/tf";
import { defineLoss } from "./define-loss";

export const cosineProximity = defineLoss({
  type: "cosineProximity",
  description: "Minus the cosine of the angle between targets and outputs (Keras: cosine similarity).",
  options: {},
  targets: ["values", "oneHot"],
  perExample: (_options, targets, outputs) => unit(targets).mul(unit(outputs)).sum(-1).neg().as1D(),
});

/** Length 1 along the last axis; a vector shorter than 1e-7 is divided by 1e-7. */
function unit(x: tf.Tensor): tf.Tensor {
  return x.div(tf.sqrt(x.square().sum(-1, true).maximum(1e-14)));
}
