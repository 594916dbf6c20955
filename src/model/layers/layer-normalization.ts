import { z } from "zod";
import { tf } from "../../runtime/tf";
import { formatShape } from "../../shared/shape";
import { normalization } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import type { FusedKernels } from "../custom-layers/fused-kernels";
import { normalizeExamples } from "../custom-layers/normalize-examples";
import { fusedKernels } from "../fused/fused-kernels";
import { axisProblem, positiveAxis } from "./axis";
import { defineLayer } from "./define-layer";
import { initializer, regularizer } from "./shared-options";
import { tensorOf } from "./tensor-of";
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
  cost: ({ axis, center, scale }, { output }) => {
    const axes = [axis].flat().map((entry) => output.at(entry < 0 ? entry : entry - 1) ?? 1);
    return [normalization(sizeOf(output), (Number(center) + Number(scale)) * sizeOf(axes))];
  },
  build: ({ axis, epsilon, center, scale, ...options }, context) => {
    const rank = context.inputShapes[0]?.length ?? 0;
    // tfjs gives the weights the order of this list and then takes them to be in the order of the input's axes.
    const axes = [axis].flat().map((entry) => positiveAxis(entry, rank));
    return tf.layers.layerNormalization({
      ...{ axis: axes.sort((a, b) => a - b), epsilon, center, scale },
      ...withoutUndefined({
        betaInitializer: context.initializer(options.betaInitializer, "beta"),
        gammaInitializer: context.initializer(options.gammaInitializer, "gamma"),
        betaRegularizer: context.regularizer(options.betaRegularizer),
        gammaRegularizer: context.regularizer(options.gammaRegularizer),
      }),
    });
  },
  equip: (layer) => {
    const fields = layer as tf.layers.Layer & LayerNormalizationFields;
    // tfjs's training fails without scale, and it tiles everything to the input's size.
    layer.call = (inputs) => {
      const x = tensorOf(inputs);
      const fused = fields.axis.length === 1 && fields.axis[0] === x.rank - 1 ? fusedKernels() : undefined;
      if (fused) return tf.tidy(() => fusedCall(fused, x, fields));
      const shape = x.shape.map((size, axis) => (fields.axis.includes(axis) ? size : 1));
      const broadcast = (weight: tf.LayerVariable | null) => weight && tf.reshape(weight.read(), shape);
      return tf.tidy(() =>
        normalizeExamples(tf, x, broadcast(fields.gamma), broadcast(fields.beta), {
          axes: fields.axis,
          epsilon: fields.epsilon,
          isCentred: true,
        }),
      );
    };
  },
});

/** Fields of tfjs's layer that are private in its types; `axis` is a list of positive ones once it is built. */
interface LayerNormalizationFields {
  readonly axis: readonly number[];
  readonly epsilon: number;
  readonly gamma: tf.LayerVariable | null;
  readonly beta: tf.LayerVariable | null;
}

function fusedCall(fused: FusedKernels, x: tf.Tensor, { gamma, beta, epsilon }: LayerNormalizationFields): tf.Tensor {
  return fused.normalize(x, gamma?.read() ?? null, beta?.read() ?? null, { epsilon, isCentred: true });
}
