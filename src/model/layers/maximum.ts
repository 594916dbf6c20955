import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { elementwiseProblem } from "./elementwise-problem";

export const maximum = defineLayer({
  type: "maximum",
  description: "The greatest of its inputs, place by place.",
  shape: "two or more of [batch, ...], of equal size or 1 on each axis -> [batch, ...]",
  options: {},
  inputs: "many",
  check: (_options, inputs) => elementwiseProblem(inputs),
  build: () => tf.layers.maximum() as tf.layers.Layer,
});
