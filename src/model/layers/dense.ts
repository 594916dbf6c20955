import { z } from "zod";
import { tf } from "../../runtime/tf";
import { activation, bias } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { weightProduct } from "../costs/products";
import { equipDense } from "../fused/equip-dense";
import { defineLayer } from "./define-layer";
import { LayerProblem } from "./layer-problem";
import { kernelOptions } from "./shared-options";
import { kernelArguments } from "./weight-arguments";

export const dense = defineLayer({
  type: "dense",
  description: "Each output is a weighted sum of all inputs on the last axis.",
  shape: "[batch, ..., features] -> [batch, ..., units]",
  options: {
    units: z
      .union([z.int().positive(), z.literal("classes")])
      .describe('Width of the output; "classes": as many as the data has classes.'),
    ...kernelOptions,
  },
  cost: ({ activation: name, useBias }, { inputs: [input = []], output }) => {
    const inner = input.at(-1) ?? 1;
    const columns = output.at(-1) ?? 1;
    return [
      weightProduct({ rows: sizeOf(input) / inner, inner, columns }),
      ...bias(useBias, sizeOf(output), columns),
      ...activation(name, sizeOf(output)),
    ];
  },
  build: (options, context) => {
    const units = options.units === "classes" ? context.classes : options.units;
    if (units === undefined) {
      throw new LayerProblem('"units": "classes" needs a classification task; this data has no classes', {
        hint: "Write the number of outputs, as many as the data has targets.",
      });
    }
    return tf.layers.dense({ units, ...kernelArguments(options, context) });
  },
  equip: equipDense,
});
