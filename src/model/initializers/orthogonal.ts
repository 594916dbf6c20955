import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineInitializer } from "./define-initializer";
import { drawNormal } from "./draw-values";

export const orthogonal = defineInitializer({
  type: "orthogonal",
  description: "A random orthogonal matrix: all axes but the last are taken as its rows. Saxe et al., 2014.",
  options: { gain: z.number().default(1).describe("Factor.") },
  standard: ({ gain }) => tf.initializers.orthogonal({ gain }),
  draw: (shape, { gain }, seeds) => {
    if (shape.length < 2) throw new RangeError("the orthogonal initializer needs weights of two axes or more");
    const columns = shape.at(-1) as number;
    const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const length = Math.max(rows, columns);
    const count = Math.min(rows, columns);
    const normal = drawNormal(0, 1, [count, length], seeds);
    const vectors = Array.from({ length: count }, (_, index) =>
      Float64Array.from(normal.dataSync().subarray(index * length, (index + 1) * length)),
    );
    normal.dispose();
    orthonormalize(vectors);
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [vector, place] = rows < columns ? [row, column] : [column, row];
        values[row * columns + column] = gain * (vectors[vector]?.[place] as number);
      }
    }
    return tf.tensor(values, shape, "float32");
  },
});

/**
 * Gram and Schmidt's method, each projection taken away twice against rounding. On normal vectors it gives what Q of a QR
 * factorization with a positive diagonal of R gives: all orthogonal matrices equally likely.
 */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, index) => {
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors.slice(0, index)) addMultiple(vector, -dot(vector, other), other);
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let place = 0; place < vector.length; place++) vector[place] = (vector[place] as number) / norm;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < a.length; place++) sum += (a[place] as number) * (b[place] as number);
  return sum;
}

function addMultiple(target: Float64Array, factor: number, source: Float64Array): void {
  for (let place = 0; place < target.length; place++) {
    target[place] = (target[place] as number) + factor * (source[place] as number);
  }
}
