import { z } from "zod";
import { defineSchedule } from "./define-schedule";
import { warmupOptions } from "./warmup";

export const step = defineSchedule({
  type: "step",
  description: "The rate is multiplied by a factor every so many epochs.",
  options: {
    everyEpochs: z.int().positive().describe("How often, in epochs."),
    factor: z.number().positive().max(1).default(0.1).describe("What the rate is multiplied by."),
    ...warmupOptions,
  },
  create: ({ everyEpochs, factor }, { baseRate, stepsPerEpoch }) => ({
    rateAt: (step) => baseRate * factor ** Math.floor(step / (stepsPerEpoch * everyEpochs)),
  }),
});
