import { tf } from "../../runtime/tf";
import { combination } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { elementwiseProblem } from "./elementwise-problem";
import { joinMasks } from "./join-masks";

export const multiply = defineLayer({
  type: "multiply",
  description: "Multiplies its inputs.",
  shape: "two or more of [batch, ...], of equal size or 1 on each axis -> [batch, ...]",
  options: {},
  inputs: "many",
  check: (_options, inputs) => elementwiseProblem(inputs),
  cost: (_options, { inputs, output }) => [combination(sizeOf(output), inputs.length)],
  build: () => tf.layers.multiply() as tf.layers.Layer,
  equip: joinMasks,
});
