import type { ExampleInputs } from "../example-set";
import { type Normalization, normalizeValue } from "./normalization";
import type { NormalizeConfig, NumericOpConfig } from "./numeric-op-config";

type VectorInputs = Extract<ExampleInputs, { kind: "vector" }>;

/** What each op does with numbers, fitted where it must be on `examples` of `inputs` as the ops before it leave them. */
export function fitNumericOps(
  ops: readonly NumericOpConfig[],
  { names, values }: VectorInputs,
  examples: Int32Array,
): Normalization[] {
  return fitNormalizations(ops, names.length, (feature) =>
    Float64Array.from(examples, (example) => values[example * names.length + feature] as number),
  );
}

/** The same for `width` features or channels; `valuesOf` gives all values of one that are fitted on. */
export function fitNormalizations(
  ops: readonly NumericOpConfig[],
  width: number,
  valuesOf: (feature: number) => Float64Array,
): Normalization[] {
  const steps: Normalization[] = [];
  for (const op of ops) {
    if (op.op === "normalize") {
      steps.push(normalizationOf(op));
      continue;
    }
    const measure = op.op === "standardize" ? meanAndDeviation : minimumAndRange;
    const fitted = Array.from({ length: width }, (_, feature) =>
      measure(valuesOf(feature).map((value) => normalizeValue(value, feature, steps))),
    );
    // Not -0, which JSON does not have.
    steps.push({ scale: [1], mean: fitted.map(([mean]) => mean + 0), std: fitted.map(([, std]) => std) });
  }
  return steps;
}

export function normalizationOf({ scale, mean, std }: NormalizeConfig): Normalization {
  return { scale: [scale].flat(), mean: [mean].flat(), std: [std].flat() };
}

function meanAndDeviation(values: Float64Array): [number, number] {
  const [minimum, range] = minimumAndRange(values);
  const mean = values.reduce((sum, value) => sum + (value - minimum), 0) / values.length + minimum;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return [mean, isConstant(values) ? range : Math.sqrt(variance)];
}

/** For a feature that never changes the divisor is 1: it becomes 0, and stays finite should it change later. */
function minimumAndRange(values: Float64Array): [number, number] {
  const minimum = values.reduce((least, value) => Math.min(least, value), Infinity);
  const maximum = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return [minimum, isConstant(values) ? 1 : maximum - minimum];
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}
