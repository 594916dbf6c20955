/** Sizes of a tensor's axes, batch first; `null` where the size is not known before data is seen. */
export type Shape = readonly (number | null)[];

/** As people write it: `[batch, 28, 28, 1]`; an unknown axis other than the first is `?`. */
export function formatShape(shape: Shape): string {
  return `[${shape.map((size, axis) => size ?? (axis === 0 ? "batch" : "?")).join(", ")}]`;
}
