import { tf } from "../../runtime/tf";
import { formatShape } from "../../shared/shape";
import { copy } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { allRims, rims } from "./rims";
import { dataFormat } from "./shared-options";

export const cropping2D = defineLayer({
  type: "cropping2D",
  description: "Cuts off the rims of images.",
  shape: "[batch, height, width, channels] -> [batch, newHeight, newWidth, channels]",
  options: {
    cropping: rims
      .default([
        [0, 0],
        [0, 0],
      ])
      .describe(
        "Pixels to cut off: for all sides, [top and bottom, left and right], or [[top, bottom], [left, right]].",
      ),
    dataFormat,
  },
  inputRank: 4,
  check: ({ cropping, dataFormat }, [input = []]) => {
    const space = dataFormat === "channelsFirst" ? input.slice(2) : input.slice(1, 3);
    if (space.includes(null)) return `cropping2D needs an input of fixed size; this is ${formatShape(input)}`;
    const cut = allRims(cropping).map(([before, after]) => before + after);
    const isAll = space.some((size, axis) => (cut[axis] as number) >= (size as number));
    return isAll ? `cutting off ${cut.join(" x ")} pixels leaves nothing of ${space.join(" x ")}` : undefined;
  },
  cost: (_options, { output }) => [copy(sizeOf(output))],
  build: ({ cropping, dataFormat }) => tf.layers.cropping2D({ cropping: allRims(cropping), dataFormat }),
});
