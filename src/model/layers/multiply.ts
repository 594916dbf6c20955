import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { elementwiseProblem } from "./elementwise-problem";

export const multiply = defineLayer({
  type: "multiply",
  description: "Multiplies its inputs.",
  shape: "two or more of [batch, ...], of equal size or 1 on each axis -> [batch, ...]",
  options: {},
  inputs: "many",
  check: (_options, inputs) => elementwiseProblem(inputs),
  build: () => tf.layers.multiply() as tf.layers.Layer,
});
