import { defineLoss } from "./define-loss";
import { probabilityEpsilon } from "./probability-epsilon";

export const kullbackLeiblerDivergence = defineLoss({
  type: "kullbackLeiblerDivergence",
  description: "sum(y log(y / p)), y and p being limited to [1e-7, 1].",
  options: {},
  targets: ["oneHot", "values"],
  activation: "softmax",
  perExample: (_options, targets, outputs) => {
    const y = targets.clipByValue(probabilityEpsilon, 1);
    return y
      .mul(y.log().sub(outputs.clipByValue(probabilityEpsilon, 1).log()))
      .sum(-1)
      .as1D();
  },
});
