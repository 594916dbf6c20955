import { absoluteValue } from "./absolute-value";
import { defineLoss } from "./define-loss";
import { probabilityEpsilon } from "./probability-epsilon";

export const meanAbsolutePercentageError = defineLoss({
  type: "meanAbsolutePercentageError",
  description: "100 times the mean over the outputs of |y - x| / max(|y|, 1e-7).",
  options: {},
  targets: ["values"],
  perExample: (_options, targets, outputs) =>
    absoluteValue(outputs.sub(targets)).div(targets.abs().maximum(probabilityEpsilon)).mean(-1).mul(100).as1D(),
});
