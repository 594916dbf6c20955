import { defineLoss } from "./define-loss";
import { probabilityEpsilon } from "./probability-epsilon";

export const poisson = defineLoss({
  type: "poisson",
  description:
    "Mean over the outputs of x - y log(x + 1e-7): for counts; outputs must be positive (softplus, exponential).",
  options: {},
  targets: ["values"],
  perExample: (_options, targets, outputs) =>
    outputs
      .sub(targets.mul(outputs.add(probabilityEpsilon).log()))
      .mean(-1)
      .as1D(),
});
