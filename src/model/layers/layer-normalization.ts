import { z } from "zod";
import { tf } from "../../runtime/tf";
import { formatShape } from "../../shared/shape";
import { axisProblem, positiveAxis } from "./axis";
import { defineLayer } from "./define-layer";
import { initializer, regularizer } from "./shared-options";
import { withoutUndefined } from "./without-undefined";

export const layerNormalization = defineLayer({
  type: "layerNormalization",
  description: "Brings each example to mean 0 and variance 1 over an axis, then scales and shifts by learned numbers.",
  shape: "[batch, ...] -> the same",
  options: {
    axis: z
      .union([z.int(), z.array(z.int()).min(1)])
      .default(-1)
      .describe("Axis or axes that mean and variance are taken over; -1 is the last one."),
    epsilon: z.number().positive().default(1e-3).describe("Added to the variance."),
    center: z.boolean().default(true).describe("Learns a shift (beta)."),
    scale: z.boolean().default(true).describe("Learns a factor (gamma)."),
    betaInitializer: initializer("zeros", "shift beta"),
    gammaInitializer: initializer("ones", "factor gamma"),
    betaRegularizer: regularizer("shift beta"),
    gammaRegularizer: regularizer("factor gamma"),
  },
  inputRank: [2, 3, 4],
  check: ({ axis }, [input = []]) => {
    const axes = [axis].flat();
    const places = axes.map((entry) => positiveAxis(entry, input.length));
    if (new Set(places).size < places.length) return `axis names one axis twice: ${axes.join(", ")}`;
    if (places.some((place) => input[place] === null && place !== 0)) {
      return `layerNormalization needs a fixed size on its axes; the input is ${formatShape(input)}`;
    }
    return axes.map((entry) => axisProblem(entry, input)).find((problem) => problem !== undefined);
  },
  build: ({ axis, epsilon, center, scale, ...options }, context) =>
    tf.layers.layerNormalization({
      // tfjs changes the list it is given.
      ...{ axis: [axis].flat(), epsilon, center, scale },
      ...withoutUndefined({
        betaInitializer: context.initializer(options.betaInitializer, "beta"),
        gammaInitializer: context.initializer(options.gammaInitializer, "gamma"),
        betaRegularizer: context.regularizer(options.betaRegularizer),
        gammaRegularizer: context.regularizer(options.gammaRegularizer),
      }),
    }),
});
