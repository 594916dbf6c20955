import { z } from "zod";
import { defineSchedule } from "./define-schedule";
import { cosineFall, minLearningRate } from "./progress";
import { warmupOptions } from "./warmup";

export const cosineRestarts = defineSchedule({
  type: "cosineRestarts",
  description: "Half a cosine again and again, each longer than the last (Loshchilov and Hutter 2017).",
  options: {
    firstEpochs: z.number().positive().describe("Length of the first fall, in epochs."),
    lengthFactor: z.number().min(1).default(2).describe("How many times as long each fall is as the one before."),
    heightFactor: z.number().positive().max(1).default(1).describe("What each restart's rate is of the one before."),
    minLearningRate,
    ...warmupOptions,
  },
  create: ({ firstEpochs, lengthFactor, heightFactor, minLearningRate }, { baseRate, stepsPerEpoch }) => ({
    rateAt: (step) => {
      let [length, height, at] = [firstEpochs * stepsPerEpoch, baseRate, step];
      while (at >= length) {
        at -= length;
        length *= lengthFactor;
        height *= heightFactor;
      }
      return cosineFall(Math.max(height, minLearningRate), minLearningRate, at / length);
    },
  }),
});
