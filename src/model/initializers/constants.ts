import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineInitializer } from "./define-initializer";

export const zeros = defineInitializer({
  type: "zeros",
  description: "All 0.",
  options: {},
  standard: () => tf.initializers.zeros(),
  draw: (shape) => tf.zeros(shape),
});

export const ones = defineInitializer({
  type: "ones",
  description: "All 1.",
  options: {},
  standard: () => tf.initializers.ones(),
  draw: (shape) => tf.ones(shape),
});

export const constant = defineInitializer({
  type: "constant",
  description: "All the same number.",
  options: { value: z.number().default(0).describe("The number.") },
  standard: ({ value }) => tf.initializers.constant({ value }),
  draw: (shape, { value }) => tf.fill(shape, value, "float32"),
});

export const identity = defineInitializer({
  type: "identity",
  description: "The identity matrix, for weights of two axes.",
  options: { gain: z.number().default(1).describe("Factor.") },
  standard: ({ gain }) => tf.initializers.identity({ gain }),
  draw: (shape, { gain }) => {
    const [rows, columns] = shape;
    if (shape.length !== 2 || rows === undefined || columns === undefined) {
      throw new RangeError(`the identity initializer needs weights of two axes, these are [${shape.join(", ")}]`);
    }
    return tf.tidy(() => tf.mul(tf.eye(rows, columns), gain));
  },
});
