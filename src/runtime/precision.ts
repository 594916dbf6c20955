/** What products of matrices and convolutions are computed in; everything else is float32. */
export const precisions = ["float32", "tf32", "float16", "bfloat16"] as const;

export type Precision = (typeof precisions)[number];

/** Those that tensors are stored in; tf32 is float32 whose products are rounded on the way. */
export type HalfPrecision = Extract<Precision, "float16" | "bfloat16">;

export function isHalf(precision: Precision | undefined): precision is HalfPrecision {
  return precision === "float16" || precision === "bfloat16";
}
