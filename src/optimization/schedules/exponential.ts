import { z } from "zod";
import { defineSchedule } from "./define-schedule";
import { warmupOptions } from "./warmup";

export const exponential = defineSchedule({
  type: "exponential",
  description: "The rate falls by a factor in each epoch, evenly with every step: learningRate factor^(epochs done).",
  options: {
    factor: z.number().positive().max(1).default(0.95).describe("What is left of the rate after an epoch."),
    staircase: z.boolean().default(false).describe("Fall at the end of each epoch instead of with every step."),
    ...warmupOptions,
  },
  create: ({ factor, staircase }, { baseRate, stepsPerEpoch }) => ({
    rateAt: (step) => {
      const epochs = step / stepsPerEpoch;
      return baseRate * factor ** (staircase ? Math.floor(epochs) : epochs);
    },
  }),
});
