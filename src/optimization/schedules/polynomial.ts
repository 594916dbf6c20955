import { z } from "zod";
import { defineSchedule } from "./define-schedule";
import { minLearningRate, progress } from "./progress";
import { warmupOptions } from "./warmup";

export const polynomial = defineSchedule({
  type: "polynomial",
  description: "min + (learningRate - min) (1 - share of the run that is done)^power: a straight line with power 1.",
  options: {
    power: z.number().positive().default(1).describe("1 falls evenly, 2 fast at first."),
    minLearningRate,
    ...warmupOptions,
  },
  create: ({ power, minLearningRate }, context) => ({
    rateAt: (step) => minLearningRate + (context.baseRate - minLearningRate) * (1 - progress(step, context)) ** power,
  }),
});
