import { tf } from "../../runtime/tf";
import { formatShape } from "../../shared/shape";
import { defineLayer } from "./define-layer";
import { dataFormat } from "./shared-options";

export const flatten = defineLayer({
  type: "flatten",
  description: "All numbers of an example on one axis.",
  shape: "[batch, ...] -> [batch, product of the rest]",
  options: { dataFormat },
  check: (_options, [input = []]) => {
    if (input.length < 3) return `the input ${formatShape(input)} is flat already`;
    return input.slice(1).includes(null)
      ? `flatten needs an input of fixed size; this is ${formatShape(input)}`
      : undefined;
  },
  cost: () => [],
  build: ({ dataFormat }) => tf.layers.flatten({ dataFormat }),
});
