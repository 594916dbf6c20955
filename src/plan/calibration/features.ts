import type { Work, WorkKind } from "../../model/costs/operation";
import { type Direction, movedBytes } from "../machine";
import { bytesPerNumber } from "../memory";

/** What time is spent on, each at a price of its own. Products are counted in (padded) operations, everything else in bytes. */
export const featureNames = [
  "trainStep",
  "predictStep",
  "launch",
  "recurrenceLaunch",
  "feed",
  "update",
  "weights",
  "product",
  "batchedProduct",
  "convolutionForward",
  "convolutionBackward",
  "depthwiseForward",
  "depthwiseBackward",
  "poolingForward",
  "poolingBackward",
  "recurrence",
  "gatherForward",
  "gatherBackward",
  "convolutionBytes",
  "elementwiseInCacheForward",
  "elementwiseInCacheBackward",
  "elementwiseInMemoryForward",
  "elementwiseInMemoryBackward",
] as const;

export type FeatureName = (typeof featureNames)[number];

/** Seconds of one unit of each. */
export type Prices = Readonly<Record<FeatureName, number>>;

export type Amounts = Readonly<Partial<Record<FeatureName, number>>>;

/** Arrays up to this size are still in a cache when the next operation reads them. */
const cachedBytes = 2 ** 20;

/** What one operation on a batch is made of. */
export function workAmounts(kind: WorkKind, direction: Direction, work: Work, batch: number): Amounts {
  const launch = work.launches;
  const flops = work.paddedFlops * batch;
  const bytes = movedBytes(work, batch);
  const weights = bytesPerNumber * work.movedOnce;
  const pass = direction === "forward" ? "Forward" : "Backward";
  switch (kind) {
    case "product":
    case "batchedProduct":
      return { launch, weights, [kind]: flops };
    case "recurrence":
      // A step of it is no kernel of its own where one operation does all steps.
      return { recurrenceLaunch: launch, recurrence: flops };
    case "convolution":
      return { launch, weights, [`convolution${pass}`]: flops, convolutionBytes: bytes };
    case "depthwise":
      return { launch, weights, [`depthwise${pass}`]: flops };
    case "pooling":
      return { launch, [`pooling${pass}`]: bytes };
    case "gather":
      return { launch, [`gather${pass}`]: bytes };
    case "elementwise": {
      const each = bytes / Math.max(1, launch) / 3;
      return { launch, [`elementwise${each > cachedBytes ? "InMemory" : "InCache"}${pass}`]: bytes };
    }
  }
}

export function addAmounts(list: readonly Amounts[]): Amounts {
  const sums: Partial<Record<FeatureName, number>> = {};
  for (const amounts of list) {
    for (const name of featureNames) {
      const amount = amounts[name];
      if (amount !== undefined) sums[name] = (sums[name] ?? 0) + amount;
    }
  }
  return sums;
}

/** What it costs, in seconds. */
export const priceOf = (prices: Prices, amounts: Amounts): number =>
  featureNames.reduce((sum, name) => sum + prices[name] * (amounts[name] ?? 0), 0);
