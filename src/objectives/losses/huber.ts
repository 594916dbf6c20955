import { z } from "zod";
import { defineLoss } from "./define-loss";

export const huber = defineLoss({
  type: "huber",
  description:
    "Mean over the outputs of e^2 / 2 where |e| = |y - x| is at most delta, else of delta |e| - delta^2 / 2.",
  options: {
    delta: z.number().positive().default(1).describe("The error from which on the loss is linear."),
  },
  targets: ["values", "oneHot"],
  perExample: ({ delta }, targets, outputs) => {
    const error = outputs.sub(targets);
    // With c the error limited to delta, c (e - c / 2) is both branches of the definition, gradient included.
    const limited = error.clipByValue(-delta, delta);
    return limited
      .mul(error.sub(limited.mul(0.5)))
      .mean(-1)
      .as1D();
  },
});
