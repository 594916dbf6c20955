import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { dataFormat, pair } from "./shared-options";

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
  build: ({ size, dataFormat, interpolation }) =>
    tf.layers.upSampling2d({ size: typeof size === "number" ? [size, size] : [...size], dataFormat, interpolation }),
});
