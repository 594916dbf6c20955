import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineInitializer, type TfInitializer } from "./define-initializer";
import { drawNormal, drawTruncatedNormal, drawUniform } from "./draw-values";

const mean = z.number().default(0).describe("Mean.");
const stddev = z.number().nonnegative().default(0.05).describe("Standard deviation.");

/** TensorFlow.js takes an option that is 0 for one that is absent; the record must hold the number that was used. */
function recording(standard: TfInitializer, config: Readonly<Record<string, number>>): TfInitializer {
  return Object.assign(standard, config);
}

export const randomUniform = defineInitializer({
  type: "randomUniform",
  description: "Uniform between `minval` and `maxval`.",
  options: {
    minval: z.number().default(-0.05).describe("Lower end."),
    maxval: z.number().default(0.05).describe("Upper end."),
  },
  standard: (range) => recording(tf.initializers.randomUniform(range), range),
  draw: (shape, { minval, maxval }, seeds) => drawUniform(minval, maxval, shape, seeds),
});

export const randomNormal = defineInitializer({
  type: "randomNormal",
  description: "Normal.",
  options: { mean, stddev },
  standard: (options) => recording(tf.initializers.randomNormal(options), options),
  draw: (shape, { mean, stddev }, seeds) => drawNormal(mean, stddev, shape, seeds),
});

export const truncatedNormal = defineInitializer({
  type: "truncatedNormal",
  description: "Normal without what is more than two standard deviations from the mean.",
  options: { mean, stddev },
  standard: (options) => recording(tf.initializers.truncatedNormal(options), options),
  draw: (shape, { mean, stddev }, seeds) => drawTruncatedNormal(mean, stddev, shape, seeds),
});
