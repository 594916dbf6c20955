import { type Amounts, type FeatureName, featureNames, type Prices } from "./features";

/** A measured time and what it was spent on. */
export interface Sample {
  readonly amounts: Amounts;
  readonly seconds: number;
}

/** Where nothing tells, and the scale that is searched from: a core or two of today. */
export const usualPrices: Prices = {
  trainStep: 2e-4,
  predictStep: 1e-4,
  launch: 5e-6,
  recurrenceLaunch: 5e-6,
  feed: 2e-10,
  update: 1e-10,
  weights: 1 / 1e10,
  product: 1 / 2e11,
  batchedProduct: 1 / 5e10,
  convolutionForward: 1 / 1e11,
  convolutionBackward: 1 / 1e11,
  depthwiseForward: 1 / 1e10,
  depthwiseBackward: 1 / 5e9,
  poolingForward: 1 / 5e9,
  poolingBackward: 1 / 2e9,
  recurrence: 1 / 5e10,
  gatherForward: 1 / 5e9,
  gatherBackward: 1 / 5e9,
  convolutionBytes: 1 / 2e10,
  elementwiseInCacheForward: 1 / 2e10,
  elementwiseInCacheBackward: 1 / 2e10,
  elementwiseInMemoryForward: 1 / 1e10,
  elementwiseInMemoryBackward: 1 / 1e10,
};

/** How little the usual prices count beside a measurement. */
const ridge = 1e-4;
const rounds = 5000;

/**
 * Prices, none negative, with the least sum of squared relative errors: coordinate descent on multiples of the usual prices, which what
 * the samples say nothing about keeps.
 */
export function fitPrices(samples: readonly Sample[]): Prices {
  const rows = samples.map(({ amounts, seconds }) =>
    featureNames.map((name) => ((amounts[name] ?? 0) * usualPrices[name]) / seconds),
  );
  const factors = featureNames.map(() => 1);
  const residuals = rows.map((row) => 1 - row.reduce((sum, value) => sum + value, 0));
  for (let round = 0; round < rounds; round++) {
    let moved = 0;
    for (let column = 0; column < factors.length; column++) {
      const before = factors[column] as number;
      let [slope, curvature] = [ridge * (1 - before), ridge];
      for (let row = 0; row < rows.length; row++) {
        const value = (rows[row] as number[])[column] as number;
        slope += value * (residuals[row] as number);
        curvature += value * value;
      }
      const after = Math.max(0, before + slope / curvature);
      const change = after - before;
      if (change === 0) continue;
      factors[column] = after;
      moved = Math.max(moved, Math.abs(change) / Math.max(after, before));
      for (let row = 0; row < rows.length; row++) {
        residuals[row] = (residuals[row] as number) - change * ((rows[row] as number[])[column] as number);
      }
    }
    if (moved < 1e-6) break;
  }
  return Object.fromEntries(
    featureNames.map((name, index) => [name, usualPrices[name] * (factors[index] as number)]),
  ) as Record<FeatureName, number>;
}
