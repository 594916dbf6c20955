import type { HeatMap } from "./explanation";

/** How the numbers at one place become one: their sum, or, of gradients, the largest or the length of the vector. */
export type Reduction = "sum" | "largest" | "norm";

/**
 * One number for each place of `values`, `shape` without the batch's axis: an image's and a series' channels, or the numbers of a
 * token's vector, are reduced. Features stay.
 */
export function reduceMap(values: Float32Array, shape: readonly number[], reduction: Reduction): HeatMap {
  const places = shape.length === 1 ? shape : shape.slice(0, -1);
  const width = shape.length === 1 ? 1 : (shape.at(-1) ?? 1);
  const reduce = {
    sum: (numbers: Float32Array) => numbers.reduce((sum, value) => sum + value, 0),
    largest: (numbers: Float32Array) => numbers.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
    norm: (numbers: Float32Array) => Math.hypot(...numbers),
  }[reduction];
  return {
    values: Float32Array.from({ length: values.length / width }, (_, place) =>
      reduce(values.subarray(place * width, (place + 1) * width)),
    ),
    shape: places,
    isSigned: reduction === "sum",
  };
}
