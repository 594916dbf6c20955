import type { Work, WorkKind } from "../../model/costs/operation";
import { type Direction, movedBytes } from "../machine";
import { bytesPerNumber } from "../memory";

/** What time is spent on, each at a price of its own. Products are counted in (padded) operations, everything else in bytes. */
export const featureNames = [
  "trainStep",
  "predictStep",
  "launch",
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
  "elementwiseInCache",
  "elementwiseInMemory",
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
  const isForward = direction === "forward";
  switch (kind) {
    case "product":
    case "batchedProduct":
    case "recurrence":
      return { launch, weights, [kind]: flops };
    case "convolution":
    case "depthwise":
      return { launch, weights, [`${kind}${isForward ? "Forward" : "Backward"}`]: flops };
    case "pooling":
      return { launch, [isForward ? "poolingForward" : "poolingBackward"]: bytes };
    case "gather":
      return { launch, [isForward ? "gatherForward" : "gatherBackward"]: bytes };
    case "elementwise": {
      const each = bytes / Math.max(1, launch) / 3;
      return { launch, [each > cachedBytes ? "elementwiseInMemory" : "elementwiseInCache"]: bytes };
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
