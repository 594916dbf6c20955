import { tf } from "../../runtime/tf";
import { noise } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { rate } from "./rate";

export const spatialDropout2d = defineLayer({
  type: "spatialDropout2d",
  description:
    "Dropout of whole channels of images (a dropout with a noiseShape, and written as such). Tompson et al., 2015.",
  shape: "[batch, height, width, channels] -> the same",
  options: { rate },
  inputRank: 4,
  // tfjs has no such layer; as a Dropout it finds what equips it.
  cost: (_options, { output }) => noise(sizeOf(output), output.at(-1) ?? 1),
  build: ({ rate }) => tf.layers.dropout({ rate, noiseShape: [null, 1, 1, null] as unknown as number[] }),
});
