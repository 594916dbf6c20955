import type { NamedTensor } from "../checkpoint/model-weights";

/** One weight of two models that is not bit for bit the same. */
export type DifferingWeight =
  | { readonly name: string; readonly kind: "onlyInA" | "onlyInB"; readonly shape: readonly number[] }
  | { readonly name: string; readonly kind: "shape"; readonly a: readonly number[]; readonly b: readonly number[] }
  | {
      readonly name: string;
      readonly kind: "values";
      /** Numbers that are not the same, of so many. */
      readonly differing: number;
      readonly size: number;
      /** The largest difference; NaN where one of the two is no number. */
      readonly maxDifference: number;
      /** The largest absolute value in either: what the difference is to be measured by. */
      readonly largest: number;
    };

/** Compares by name, `<layer>/<weight>`, in the order of the first. -0 and 0 are not the same bits. */
export function compareWeights(a: readonly NamedTensor[], b: readonly NamedTensor[]): DifferingWeight[] {
  const inB = new Map(b.map((tensor) => [tensor.name, tensor]));
  const namesInA = new Set(a.map(({ name }) => name));
  return [
    ...a.flatMap((tensor) => compareWeight(tensor, inB.get(tensor.name))),
    ...b
      .filter(({ name }) => !namesInA.has(name))
      .map(({ name, shape }): DifferingWeight => ({ name, kind: "onlyInB", shape })),
  ];
}

function compareWeight(a: NamedTensor, b: NamedTensor | undefined): DifferingWeight[] {
  const { name } = a;
  if (!b) return [{ name, kind: "onlyInA", shape: a.shape }];
  if (String(a.shape) !== String(b.shape)) return [{ name, kind: "shape", a: a.shape, b: b.shape }];
  let [differing, maxDifference, largest] = [0, 0, 0];
  for (let index = 0; index < a.data.length; index++) {
    const [one, other] = [a.data[index] as number, b.data[index] as number];
    largest = Math.max(largest, Math.abs(one), Math.abs(other));
    if (Object.is(one, other)) continue;
    differing += 1;
    maxDifference = Math.max(maxDifference, Math.abs(one - other));
  }
  return differing === 0 ? [] : [{ name, kind: "values", differing, size: a.data.length, maxDifference, largest }];
}
