import { defineLoss } from "./define-loss";

export const logCosh = defineLoss({
  type: "logCosh",
  description:
    "Mean over the outputs of log(cosh(x - y)): like the squared error near 0, like the absolute one far off.",
  options: {},
  targets: ["values", "oneHot"],
  perExample: (_options, targets, outputs) => {
    const error = outputs.sub(targets);
    // cosh overflows in float32 from 89 on; this form of the same does not.
    return error.add(error.mul(-2).softplus()).sub(Math.LN2).mean(-1).as1D();
  },
});
