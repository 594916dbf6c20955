import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { dataFormat } from "./shared-options";

export const globalAveragePooling2d = defineLayer({
  type: "globalAveragePooling2d",
  description: "The mean over all pixels of an image, channel by channel.",
  shape: "[batch, height, width, channels] -> [batch, channels]",
  options: { dataFormat },
  inputRank: 4,
  build: ({ dataFormat }) => tf.layers.globalAveragePooling2d({ dataFormat }),
});
