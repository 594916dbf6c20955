import { z } from "zod";
import { defineSchedule } from "./define-schedule";
import { cosineFall, progress } from "./progress";

export const oneCycle = defineSchedule({
  type: "oneCycle",
  description:
    "Rises to learningRate, its peak, and falls far below where it began, along two half cosines over the whole run (Smith and Topin 2019); momentum stays as it is.",
  options: {
    riseShare: z.number().gt(0).lt(1).default(0.3).describe("Share of the run in which the rate rises."),
    startDivisor: z.number().min(1).default(25).describe("The first rate is the peak over this."),
    endDivisor: z.number().min(1).default(10_000).describe("The last rate is the first over this."),
  },
  create: ({ riseShare, startDivisor, endDivisor }, context) => {
    const peak = context.baseRate;
    const start = peak / startDivisor;
    return {
      rateAt: (step) => {
        const done = progress(step, context);
        if (done < riseShare) return cosineFall(start, peak, done / riseShare);
        return cosineFall(peak, start / endDivisor, (done - riseShare) / (1 - riseShare));
      },
    };
  },
});
