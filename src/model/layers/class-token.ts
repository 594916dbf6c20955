import { copy } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { customLayers } from "../custom-layers/custom-layers";
import { seedWeights } from "./custom-weights";
import { defineLayer } from "./define-layer";
import { constraint, initializer, regularizer } from "./shared-options";
import { withoutUndefined } from "./without-undefined";

const weight = "token";

export const classToken = defineLayer({
  type: "classToken",
  description:
    "Puts a learned step before all others, which attention can gather an example's meaning in; takeStep takes it out again.",
  shape: "[batch, steps, features] -> [batch, 1 + steps, features]",
  options: {
    tokenInitializer: initializer("zeros", weight),
    tokenRegularizer: regularizer(weight),
    tokenConstraint: constraint(weight),
  },
  inputRank: 3,
  check: (_options, [input = []]) => (input[2] === null ? "classToken needs an input of fixed width" : undefined),
  cost: (_options, { output }) => [copy(sizeOf(output))],
  build: (options, context) => {
    const layer = new (customLayers().DlctlClassToken)(
      withoutUndefined({
        kernelInitializer: context.initializer(options.tokenInitializer, "token"),
        kernelRegularizer: context.regularizer(options.tokenRegularizer),
        kernelConstraint: context.constraint(options.tokenConstraint),
      }),
    );
    return seedWeights(layer, { kernelInitializer: options.tokenInitializer }, context);
  },
});
