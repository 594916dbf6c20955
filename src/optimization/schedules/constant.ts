import { defineSchedule } from "./define-schedule";
import { warmupOptions } from "./warmup";

export const constant = defineSchedule({
  type: "constant",
  description: "The optimizer's learningRate throughout, after a warm-up if there is one.",
  options: warmupOptions,
  create: (_options, { baseRate }) => ({ rateAt: () => baseRate }),
});
