import { z } from "zod";
import { tf } from "../../runtime/tf";
import { batchNormalization as batchNormalizationCost } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { maskOf } from "../custom-layers/masks";
import { defineLayer } from "./define-layer";
import { normalizeBatch, normalizeUnmasked } from "./normalize-batch";
import { constraint, initializer, regularizer } from "./shared-options";
import { tensorOf } from "./tensor-of";
import { withoutUndefined } from "./without-undefined";

/** Fields of tfjs's layer that are private in its types; gamma and beta are absent without scale and center. */
interface BatchNormalizationFields {
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma?: tf.LayerVariable;
  readonly beta?: tf.LayerVariable;
  readonly movingMean: tf.LayerVariable;
  readonly movingVariance: tf.LayerVariable;
}

export const batchNormalization = defineLayer({
  type: "batchNormalization",
  description:
    "Brings each channel to mean 0 and variance 1 over the batch (in training; steps that are masked as padding are left out) or over what training has seen, then scales and shifts by learned numbers.",
  shape: "[batch, ..., channels] -> the same",
  options: {
    axis: z
      .int()
      .default(-1)
      .describe("The channels' axis. Only the last one: TensorFlow.js's JavaScript kernel is wrong on another."),
    momentum: z
      .number()
      .min(0)
      .max(1)
      .default(0.99)
      .describe("Share of the moving mean and variance that is kept at each step; the batch's has the rest."),
    epsilon: z.number().positive().default(1e-3).describe("Added to the variance."),
    center: z.boolean().default(true).describe("Learns a shift (beta)."),
    scale: z.boolean().default(true).describe("Learns a factor (gamma)."),
    betaInitializer: initializer("zeros", "shift beta"),
    gammaInitializer: initializer("ones", "factor gamma"),
    movingMeanInitializer: initializer("zeros", "moving mean"),
    movingVarianceInitializer: initializer("ones", "moving variance"),
    betaRegularizer: regularizer("shift beta"),
    gammaRegularizer: regularizer("factor gamma"),
    betaConstraint: constraint("shift beta"),
    gammaConstraint: constraint("factor gamma"),
  },
  inputRank: [2, 3, 4],
  check: ({ axis }, [input = []]) =>
    axis === -1 || axis === input.length - 1
      ? undefined
      : `axis ${axis} is not the last axis, the only one that TensorFlow.js normalizes rightly on every device`,
  cost: ({ axis }, { output }) => [batchNormalizationCost(sizeOf(output), output.at(axis < 0 ? axis : axis - 1) ?? 1)],
  build: ({ axis, momentum, epsilon, center, scale, ...options }, context) =>
    tf.layers.batchNormalization({
      ...{ axis, momentum, epsilon, center, scale },
      ...withoutUndefined({
        betaInitializer: context.initializer(options.betaInitializer, "beta"),
        gammaInitializer: context.initializer(options.gammaInitializer, "gamma"),
        movingMeanInitializer: context.initializer(options.movingMeanInitializer, "moving_mean"),
        movingVarianceInitializer: context.initializer(options.movingVarianceInitializer, "moving_variance"),
        betaRegularizer: context.regularizer(options.betaRegularizer),
        gammaRegularizer: context.regularizer(options.gammaRegularizer),
        betaConstraint: context.constraint(options.betaConstraint),
        gammaConstraint: context.constraint(options.gammaConstraint),
      }),
    }),
  equip: (layer, _seed, isMasked) => {
    const fields = layer as tf.layers.Layer & BatchNormalizationFields;
    const infer = layer.call.bind(layer);
    // tfjs's training fails without scale or center, and its gradient takes several times as many operations.
    layer.call = (inputs, kwargs) => {
      const gamma = fields.gamma?.read();
      const beta = fields.beta?.read();
      // As in Keras, a frozen layer keeps its statistics and uses them in training, too.
      const isTraining = kwargs.training && layer.trainable;
      if (!isTraining && gamma && beta) return infer(inputs, { ...kwargs, training: false });
      return tf.tidy(() => {
        const x = tensorOf(inputs);
        if (!isTraining) {
          const inverse = tf.rsqrt(tf.add(fields.movingVariance.read(), fields.epsilon));
          return tf.add(tf.mul(tf.sub(x, fields.movingMean.read()), tf.mul(inverse, gamma ?? 1)), beta ?? 0);
        }
        // The mask that tfjs hands over may be left from an earlier layer.
        const mask = isMasked ? maskOf(tf, x, kwargs.mask) : undefined;
        const { output, mean, variance } = mask
          ? normalizeUnmasked(x, mask, gamma, beta, fields.epsilon)
          : normalizeBatch(x, gamma, beta, fields.epsilon);
        move(fields.movingMean, mean, fields.momentum);
        move(fields.movingVariance, variance, fields.momentum);
        return output;
      });
    };
  },
});

/** moving = momentum * moving + (1 - momentum) * batch. */
function move(moving: tf.LayerVariable, batch: tf.Tensor, momentum: number): void {
  moving.write(tf.add(tf.mul(moving.read(), momentum), tf.mul(batch, 1 - momentum)));
}
