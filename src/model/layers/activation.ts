import { tf } from "../../runtime/tf";
import { activationSchema } from "../activations";
import { activation as activationCost } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";

export const activation = defineLayer({
  type: "activation",
  description: "Applies an activation function.",
  shape: "[batch, ...] -> the same",
  options: { activation: activationSchema.describe("Its name.") },
  cost: (options, { output }) => activationCost(options.activation, sizeOf(output)),
  build: ({ activation }) => tf.layers.activation({ activation }),
});
