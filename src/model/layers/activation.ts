import { tf } from "../../runtime/tf";
import { activationSchema } from "../activations";
import { defineLayer } from "./define-layer";

export const activation = defineLayer({
  type: "activation",
  description: "Applies an activation function.",
  shape: "[batch, ...] -> the same",
  options: { activation: activationSchema.describe("Its name.") },
  build: ({ activation }) => tf.layers.activation({ activation }),
});
