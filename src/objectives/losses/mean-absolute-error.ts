import { absoluteValue } from "./absolute-value";
import { defineLoss } from "./define-loss";

export const meanAbsoluteError = defineLoss({
  type: "meanAbsoluteError",
  description: "Mean over the outputs of |y - x|.",
  options: {},
  targets: ["values", "oneHot"],
  perExample: (_options, targets, outputs) => absoluteValue(outputs.sub(targets)).mean(-1).as1D(),
});
