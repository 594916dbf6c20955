import { z } from "zod";
import { defineSchedule } from "./define-schedule";
import { warmupOptions } from "./warmup";

const piece = z.strictObject({
  afterEpochs: z.number().positive().describe("Epochs that are done when the rate becomes this."),
  learningRate: z.number().min(0).describe("The rate from then on."),
});

export const piecewise = defineSchedule({
  type: "piecewise",
  description: "The optimizer's learningRate at first, then each piece's from its epoch on.",
  options: {
    pieces: z
      .array(piece)
      .min(1)
      .describe(
        "From how many epochs on (`afterEpochs`) which `learningRate` holds. In any order: the latest that has begun decides.",
      ),
    ...warmupOptions,
  },
  create: ({ pieces }, { baseRate, stepsPerEpoch }) => {
    const latestFirst = [...pieces].sort((a, b) => b.afterEpochs - a.afterEpochs);
    return {
      rateAt: (step) => {
        const current = latestFirst.find(({ afterEpochs }) => step >= Math.round(afterEpochs * stepsPerEpoch));
        return current?.learningRate ?? baseRate;
      },
    };
  },
});
