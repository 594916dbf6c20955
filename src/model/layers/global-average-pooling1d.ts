import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";

export const globalAveragePooling1d = defineLayer({
  type: "globalAveragePooling1d",
  description: "The mean over all steps of a sequence, channel by channel.",
  shape: "[batch, steps, channels] -> [batch, channels]",
  options: {},
  inputRank: 3,
  build: () => tf.layers.globalAveragePooling1d({}),
});
