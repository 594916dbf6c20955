import { tf } from "../../runtime/tf";
import { logitsOf } from "../logits";
import { oneHotTargets } from "./class-targets";
import { smoothClasses } from "./label-smoothing";
import { probabilityEpsilon } from "./probability-epsilon";
import { sparseLogLoss } from "./sparse-log-loss";

/**
 * `-sum(targets * log(softmax(logits)))` over the last axis where the outputs' logits are known, as Keras computes it behind a
 * softmax layer: right and with a gradient however sure the model is. Else by `categoricalLogLoss`. Targets are one-hot
 * `[batch, classes]` or class indices `[batch]`; of each, `smoothing` is spread over all classes.
 */
export function categoricalCrossentropyOf(targets: tf.Tensor, outputs: tf.Tensor, smoothing = 0): tf.Tensor1D {
  const logits = logitsOf(outputs, "softmax");
  if (logits && smoothing === 0 && targets.rank < logits.rank) return sparseLogLoss(targets, logits).as1D();
  const shares = smoothClasses(oneHotTargets(targets, outputs), smoothing);
  const losses = logits ? shares.mul(tf.logSoftmax(logits)).sum(-1).neg() : categoricalLogLoss(shares, outputs);
  return losses.as1D();
}

/** The smallest divisor: float32 below it are denormal, which some devices take for 0. */
const tiny = 1e-30;

/**
 * `-sum(targets * log(p))` over the last axis, with `p = outputs / sum(outputs)` clipped to [1e-7, 1 - 1e-7]: Keras's
 * categorical cross-entropy on probabilities. The gradient is the unclipped formula's, `sum(targets) / sum(outputs) -
 * targets / outputs`, so that behind a softmax it comes to `p - targets` however small p is, as with Keras's logits:
 * an example that is entirely wrong is still learned from. No gradient flows to the targets.
 */
function categoricalLogLoss(targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  const loss = tf.customGrad((target, output, save) => {
    const [y, x] = [target as tf.Tensor, output as tf.Tensor];
    const sums = x.sum(-1, true);
    const clipped = x.div(sums).clipByValue(probabilityEpsilon, 1 - probabilityEpsilon);
    (save as tf.GradSaveFunc)([y, x]);
    return {
      value: y.mul(clipped.log()).sum(-1).neg(),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [t, p] = saved as [tf.Tensor, tf.Tensor];
        const gradient = () => {
          const pull = t.sum(-1, true).div(p.sum(-1, true));
          return dy.expandDims(-1).mul(pull.sub(t.div(p.maximum(tiny))));
        };
        return [tf.zerosLike(t), gradient()];
      },
    };
  });
  return loss(targets, outputs);
}
