import { tf } from "../../runtime/tf";
import { copy } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { allRims, rims } from "./rims";
import { dataFormat } from "./shared-options";

export const zeroPadding2d = defineLayer({
  type: "zeroPadding2d",
  description: "Puts zeros around images.",
  shape: "[batch, height, width, channels] -> [batch, newHeight, newWidth, channels]",
  options: {
    padding: rims
      .default(1)
      .describe("Pixels to add: on all sides, [top and bottom, left and right], or [[top, bottom], [left, right]]."),
    dataFormat,
  },
  inputRank: 4,
  cost: (_options, { output }) => [copy(sizeOf(output))],
  build: ({ padding, dataFormat }) => tf.layers.zeroPadding2d({ padding: allRims(padding), dataFormat }),
});
