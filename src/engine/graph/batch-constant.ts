import type { RecordedConstant } from "./recording";

/** An integer that is `fixed`, or `perExample` times the batch size, or the batch size plus `offset`. */
export type BatchInteger = { readonly fixed: number } | { readonly perExample: number } | { readonly offset: number };

/** A number that is `value`, or grows or shrinks with the batch size. */
export interface BatchScalar {
  readonly value: number;
  /** 1: times the batch size; -1: divided by it; 0: the same for any. */
  readonly power: 1 | 0 | -1;
}

/** A constant of a recording, as a function of the batch size. */
export type BatchConstant =
  | { readonly kind: "fixed"; readonly constant: RecordedConstant }
  /** Integers (mostly a shape), int32 of rank 0 or 1. */
  | { readonly kind: "integers"; readonly rank: 0 | 1; readonly values: readonly BatchInteger[] }
  | { readonly kind: "scalar"; readonly scalar: BatchScalar }
  /** One number everywhere. */
  | {
      readonly kind: "fill";
      readonly dtype: number;
      readonly shape: readonly BatchInteger[];
      readonly scalar: BatchScalar;
    }
  /** 0, 1, 2, ... up to the batch size. */
  | { readonly kind: "range" };

/** The two sizes at which the same computation was recorded. */
export type BatchSizes = readonly [number, number];

const int32 = 3;
const float32 = 1;

/**
 * The constant that is `a` at the first size and `b` at the second; undefined when two examples don't tell. A difference
 * can only come from the size, as nothing else differed between the recordings.
 */
export function batchConstant(a: RecordedConstant, b: RecordedConstant, sizes: BatchSizes): BatchConstant | undefined {
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) return undefined;
  if (hasSameShape(a, b) && hasSameData(a, b)) return { kind: "fixed", constant: a };
  if (a.dtype === int32 && a.shape.length <= 1 && hasSameShape(a, b)) return integers(a, b, sizes);
  if (a.dtype === float32 && a.shape.length === 0) {
    const scalar = batchScalar(a.data[0] as number, b.data[0] as number, sizes);
    return scalar && { kind: "scalar", scalar };
  }
  if (isRange(a, sizes[0]) && isRange(b, sizes[1])) return { kind: "range" };
  return fill(a, b, sizes);
}

function integers(a: RecordedConstant, b: RecordedConstant, sizes: BatchSizes): BatchConstant | undefined {
  const values = Array.from(a.data, (value, index) => batchInteger(value, b.data[index] as number, sizes));
  if (values.includes(undefined)) return undefined;
  return { kind: "integers", rank: a.shape.length as 0 | 1, values: values as BatchInteger[] };
}

function fill(a: RecordedConstant, b: RecordedConstant, sizes: BatchSizes): BatchConstant | undefined {
  if (!isUniform(a) || !isUniform(b)) return undefined;
  const shape = a.shape.map((length, axis) => batchInteger(length, b.shape[axis] as number, sizes));
  const scalar = batchScalar(a.data[0] as number, b.data[0] as number, sizes);
  if (!scalar || shape.includes(undefined)) return undefined;
  return { kind: "fill", dtype: a.dtype, shape: shape as BatchInteger[], scalar };
}

/** Only a plain multiple of the size, and the size plus a number, are believed: two points would fit many other rules. */
export function batchInteger(a: number, b: number, [sizeA, sizeB]: BatchSizes): BatchInteger | undefined {
  if (a === b) return { fixed: a };
  const perExample = a / sizeA;
  if (Number.isInteger(perExample) && perExample * sizeB === b) return { perExample };
  return b - a === sizeB - sizeA ? { offset: a - sizeA } : undefined;
}

function batchScalar(a: number, b: number, [sizeA, sizeB]: BatchSizes): BatchScalar | undefined {
  if (a === b) return { value: a, power: 0 };
  if (isClose(a / sizeA, b / sizeB)) return { value: a / sizeA, power: 1 };
  if (isClose(a * sizeA, b * sizeB)) return { value: a * sizeA, power: -1 };
  return undefined;
}

/** Equal but for float32's rounding. */
const isClose = (a: number, b: number) => Math.abs(a - b) <= 3e-7 * Math.abs(a);

const hasSameShape = (a: RecordedConstant, b: RecordedConstant) =>
  a.shape.every((size, axis) => size === b.shape[axis]);

function hasSameData({ data }: RecordedConstant, { data: other }: RecordedConstant): boolean {
  return data.length === other.length && data.every((value, index) => Object.is(value, other[index]));
}

function isUniform({ data }: RecordedConstant): boolean {
  return data.length > 0 && data.every((value) => value === data[0]);
}

function isRange({ data, shape, dtype }: RecordedConstant, size: number): boolean {
  return dtype === int32 && shape.length === 1 && data.length === size && data.every((value, index) => value === index);
}
