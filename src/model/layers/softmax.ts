import { z } from "zod";
import { tf } from "../../runtime/tf";
import { activation } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";

export const softmax = defineLayer({
  type: "softmax",
  description: "Turns scores into probabilities that sum to 1 over the last axis.",
  shape: "[batch, ..., classes] -> the same",
  options: {
    axis: z.int().default(-1).describe("The axis summed over; TensorFlow.js computes it for the last one only."),
  },
  check: ({ axis }, [input = []]) =>
    axis === -1 || axis === input.length - 1
      ? undefined
      : `axis ${axis} is not the last axis, and TensorFlow.js has a softmax over the last one only`,
  // tfjs's own Softmax layer fails where there is a mask, of padding, even far above it.
  cost: (_options, { output }) => activation("softmax", sizeOf(output)),
  build: () => tf.layers.activation({ activation: "softmax" }),
});
