import { tf } from "../runtime/tf";
import { withChangedOutput } from "./change-output";
import type { HeatMap } from "./explanation";
import type { Place } from "./place";

/**
 * Grad-CAM (Selvaraju et al., 2017): the sum of a layer's channels, `[height, width]` or `[steps]`, each weighed by the mean of the
 * score's gradient over it, without what speaks against the output. `layer` gives `[batch, height, width, channels]` or
 * `[batch, steps, channels]`.
 */
export function gradCam({ value, scores }: Place, layer: tf.layers.Layer): HeatMap {
  return tf.tidy(() => {
    let activations: tf.Tensor | undefined;
    // What is added to the layer's outputs, 0, is what the gradient is taken of: it goes where they go.
    const gradientOf = tf.grad((added: tf.Tensor) =>
      withChangedOutput(
        layer,
        (outputs) => {
          activations ??= tf.keep(outputs.clone());
          return outputs.add(added);
        },
        () => scores(value).sum(),
      ),
    );
    const shape = [1, ...layer.outputShape.slice(1)] as number[];
    const gradient = gradientOf(tf.zeros(shape));
    const outputs = activations as unknown as tf.Tensor;
    const axes = shape.slice(1, -1).map((_, axis) => axis + 1);
    const map = outputs.mul(gradient.mean(axes, true)).sum(-1).relu().squeeze([0]);
    outputs.dispose();
    return { values: map.dataSync() as Float32Array, shape: map.shape, isSigned: false };
  });
}
