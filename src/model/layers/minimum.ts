import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { elementwiseProblem } from "./elementwise-problem";

export const minimum = defineLayer({
  type: "minimum",
  description: "The least of its inputs, place by place.",
  shape: "two or more of [batch, ...], of equal size or 1 on each axis -> [batch, ...]",
  options: {},
  inputs: "many",
  check: (_options, inputs) => elementwiseProblem(inputs),
  build: () => tf.layers.minimum() as tf.layers.Layer,
});
