import { tf } from "../../runtime/tf";
import { logitsOf } from "../logits";
import { probabilityEpsilon } from "./probability-epsilon";

/**
 * `-(y * log(p) + (1 - y) * log(1 - p))` for each element, from the outputs' logits where they are known, as Keras computes it
 * behind a sigmoid layer: right and with a gradient however sure the model is. Else by `binaryLogLoss`.
 */
export function binaryCrossentropyOf(targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  const logits = logitsOf(outputs, "sigmoid");
  return logits ? logitLoss(targets, logits) : binaryLogLoss(targets, outputs);
}

/** max(z, 0) - y z + log(1 + exp(-|z|)), whose gradient is sigmoid(z) - y. No gradient flows to the targets. */
function logitLoss(targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const loss = tf.customGrad((target, logit, save) => {
    const [y, z] = [target as tf.Tensor, logit as tf.Tensor];
    (save as tf.GradSaveFunc)([y, z]);
    return {
      value: z.relu().sub(y.mul(z)).add(z.abs().neg().exp().log1p()),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [t, x] = saved as [tf.Tensor, tf.Tensor];
        return [tf.zerosLike(t), dy.mul(x.sigmoid().sub(t))];
      },
    };
  });
  return loss(targets, logits);
}

/** The smallest divisor: float32 below it are denormal, which some devices take for 0. */
const tiny = 1e-30;

/**
 * `-(y * log(p) + (1 - y) * log(1 - p))` for each element, p clipped to [1e-7, 1 - 1e-7]: Keras's binary cross-entropy
 * on probabilities. The gradient is the unclipped formula's, `(p - y) / (p * (1 - p))`, so that behind a sigmoid it
 * comes to `p - y` also where p is nearly 0 or 1. No gradient flows to the targets.
 */
function binaryLogLoss(targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  const loss = tf.customGrad((target, output, save) => {
    const [y, x] = [target as tf.Tensor, output as tf.Tensor];
    const p = x.clipByValue(probabilityEpsilon, 1 - probabilityEpsilon);
    (save as tf.GradSaveFunc)([y, x]);
    return {
      value: y
        .mul(p.log())
        .add(complement(y).mul(complement(p).log()))
        .neg(),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [t, q] = saved as [tf.Tensor, tf.Tensor];
        return [tf.zerosLike(t), dy.mul(q.sub(t).div(q.mul(complement(q)).maximum(tiny)))];
      },
    };
  });
  return loss(targets, outputs);
}

function complement(x: tf.Tensor): tf.Tensor {
  return tf.sub(1, x);
}
