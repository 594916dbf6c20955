import { z } from "zod";
import { tf } from "../../runtime/tf";
import { copy } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { dataFormat, pair } from "./shared-options";
import { tensorOf } from "./tensor-of";

export const upSampling2d = defineLayer({
  type: "upSampling2d",
  description: "Makes images larger without weights.",
  shape: "[batch, height, width, channels] -> [batch, height * size, width * size, channels]",
  options: {
    size: pair.default(2).describe("Factors of height and width."),
    dataFormat,
    interpolation: z
      .enum(["nearest", "bilinear"])
      .default("nearest")
      .describe(
        '"nearest" repeats pixels; "bilinear" is TensorFlow.js\'s, which samples from the pixels\' corners: Keras samples from their centres, so its images are shifted by a part of a pixel.',
      ),
  },
  inputRank: 4,
  cost: (_options, { output }) => [copy(sizeOf(output))],
  build: ({ size, dataFormat, interpolation }) =>
    tf.layers.upSampling2d({ size: typeof size === "number" ? [size, size] : [...size], dataFormat, interpolation }),
  equip: (layer) => {
    const { size, dataFormat, interpolation } = layer as tf.layers.Layer & UpSampling2dFields;
    const enlarge = interpolation === "nearest" ? repeatPixels : interpolate;
    layer.call = (inputs) =>
      tf.tidy(() => {
        const input = tensorOf(inputs) as tf.Tensor4D;
        if (dataFormat === "channelsLast") return enlarge(input, size);
        return tf.transpose(enlarge(tf.transpose(input, [0, 2, 3, 1]), size), [0, 3, 1, 2]);
      });
  },
});

/** Fields of tfjs's layer that are private in its types. */
interface UpSampling2dFields {
  readonly size: readonly [number, number];
  readonly dataFormat: "channelsLast" | "channelsFirst";
  readonly interpolation: "nearest" | "bilinear";
}

/** Each pixel of `x`, [batch, height, width, channels], as a block. The js device's own gradient is wrong in tfjs 4.22. */
function repeatPixels(x: tf.Tensor4D, [rows, columns]: readonly [number, number]): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const repeat = tf.customGrad((x) => ({
    value: tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [height * rows, width * columns]),
    // A pixel's gradient is the sum over its block.
    gradFunc: (dy: tf.Tensor) => tf.sum(tf.reshape(dy, [batch, height, rows, width, columns, channels]), [2, 4]),
  }));
  return repeat(x) as tf.Tensor4D;
}

/** TensorFlow.js's bilinear interpolation. The js device labels its gradient with height and width swapped in tfjs 4.22. */
function interpolate(x: tf.Tensor4D, [rows, columns]: readonly [number, number]): tf.Tensor4D {
  const [, height, width] = x.shape;
  const resize = tf.customGrad((...given) => {
    const [x, save] = given as unknown as [tf.Tensor4D, tf.GradSaveFunc];
    save([x]);
    return {
      value: tf.image.resizeBilinear(x, [height * rows, width * columns]),
      gradFunc: (dy: tf.Tensor, [images]: tf.Tensor[]) => {
        const named = { images: images as tf.Tensor, dy };
        const gradient = tf.engine().runKernel("ResizeBilinearGrad", named, { alignCorners: false }) as tf.Tensor;
        return tf.reshape(gradient, x.shape);
      },
    };
  });
  return resize(x) as tf.Tensor4D;
}
