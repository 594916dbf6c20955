import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { elementwiseProblem } from "./elementwise-problem";

export const average = defineLayer({
  type: "average",
  description: "The mean of its inputs.",
  shape: "two or more of [batch, ...], of equal size or 1 on each axis -> [batch, ...]",
  options: {},
  inputs: "many",
  check: (_options, inputs) => elementwiseProblem(inputs),
  build: () => tf.layers.average() as tf.layers.Layer,
});
