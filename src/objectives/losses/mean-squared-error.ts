import { defineLoss } from "./define-loss";

export const meanSquaredError = defineLoss({
  type: "meanSquaredError",
  description: "Mean over the outputs of (y - x)^2.",
  options: {},
  targets: ["values", "oneHot"],
  perExample: (_options, targets, outputs) => outputs.sub(targets).square().mean(-1).as1D(),
});
