import { z } from "zod";
import { tf } from "../../runtime/tf";
import { noise } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { drawMask, equipNoise } from "./noise";
import { rate } from "./rate";
import { withoutUndefined } from "./without-undefined";

export const dropout = defineLayer({
  type: "dropout",
  description: "Sets random inputs to 0 in training and scales the others by 1 / (1 - rate). Srivastava et al., 2014.",
  shape: "[batch, ...] -> the same",
  options: {
    rate,
    noiseShape: z
      .array(z.int().positive().nullable())
      .min(1)
      .optional()
      .describe("Shape of the mask, batch first: null is the input's size, 1 drops along the whole axis at once."),
  },
  check: ({ noiseShape }, [input = []]) => {
    if (noiseShape === undefined) return undefined;
    const fits = (size: number | null, axis: number) => size === null || size === 1 || size === input[axis];
    return noiseShape.length === input.length && noiseShape.every(fits)
      ? undefined
      : `noiseShape [${noiseShape.map(String).join(", ")}] needs an entry for each of the input's ${input.length} axes: null, 1 or its size`;
  },
  cost: (_options, { output }) => noise(sizeOf(output)),
  build: ({ rate, noiseShape }) =>
    // Sizes that are null stand for the input's, which only tfjs's type forgets.
    tf.layers.dropout(withoutUndefined({ rate, noiseShape: noiseShape as number[] | undefined })),
  equip: (layer, seed) => {
    const { rate, noiseShape } = layer as tf.layers.Layer & { rate: number; noiseShape?: readonly (number | null)[] };
    equipNoise(layer, (x) => {
      const shape = x.shape.map((size, axis) => noiseShape?.[axis] ?? size);
      return tf.mul(x, tf.div(drawMask(shape, rate, seed), 1 - rate));
    });
  },
});
