import { defineSchedule } from "./define-schedule";
import { cosineFall, minLearningRate, progress } from "./progress";
import { warmupOptions } from "./warmup";

export const cosine = defineSchedule({
  type: "cosine",
  description:
    "From learningRate to minLearningRate along half a cosine over the whole run (Loshchilov and Hutter 2017).",
  options: { minLearningRate, ...warmupOptions },
  create: ({ minLearningRate }, context) => ({
    rateAt: (step) => cosineFall(context.baseRate, minLearningRate, progress(step, context)),
  }),
});
