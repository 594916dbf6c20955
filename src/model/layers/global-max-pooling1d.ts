import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";

export const globalMaxPooling1d = defineLayer({
  type: "globalMaxPooling1d",
  description: "The greatest number over all steps of a sequence, channel by channel.",
  shape: "[batch, steps, channels] -> [batch, channels]",
  options: {},
  inputRank: 3,
  build: () => tf.layers.globalMaxPooling1d({}),
});
