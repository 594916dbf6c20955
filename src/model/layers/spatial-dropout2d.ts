import { tf } from "../../runtime/tf";
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
  build: ({ rate }) => tf.layers.dropout({ rate, noiseShape: [null, 1, 1, null] as unknown as number[] }),
});
