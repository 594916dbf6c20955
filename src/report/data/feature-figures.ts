import type { ExampleInputs } from "../../data/example-set";
import type { FeatureFigures } from "../reported-run";

const mostFeatures = 60;

/** Least, mean and most of each feature, and how often it is missing, over some examples; of many features, the first. */
export function featureFigures(
  { names, values }: Extract<ExampleInputs, { kind: "vector" }>,
  examples: Int32Array,
): FeatureFigures[] {
  return names.slice(0, mostFeatures).map((name, column) => {
    let [least, most, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
    for (const example of examples) {
      const value = values[example * names.length + column] as number;
      if (Number.isNaN(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
      sum += value;
      count++;
    }
    const known = count > 0;
    return {
      name,
      least: known ? least : Number.NaN,
      mean: sum / count,
      most: known ? most : Number.NaN,
      missing: examples.length - count,
    };
  });
}
