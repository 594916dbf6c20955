import { orderScores } from "./order-scores";

/**
 * One class's examples and all others, from the highest score to the lowest, packed: the position, then a bit for whether it is of the
 * class, then a bit for whether a lower score follows (or nothing).
 */
export type RankedScores = Int32Array;

export const positionOf = (entry: number): number => entry >> 2;
export const isOfClass = (entry: number): boolean => (entry & 2) !== 0;
export const isLastOfTies = (entry: number): boolean => (entry & 1) !== 0;

/** `truth` holds the classes' numbers, `label` is the class's. */
export function rankScores(scores: Float32Array, truth: Int32Array, label: number): RankedScores {
  const order = orderScores(scores);
  return order.map((position, index) => {
    const next = order[index + 1];
    const isLast = next === undefined || scores[next] !== scores[position];
    return (position << 2) | (truth[position] === label ? 2 : 0) | (isLast ? 1 : 0);
  });
}

/** Calls `visit` for each score that is there, highest first: how many of the class and of the others have at least that, and the position of one that has just that. */
export function walkThresholds(
  ranked: RankedScores,
  visit: (hits: number, others: number, position: number) => void,
): void {
  let hits = 0;
  for (let index = 0; index < ranked.length; index++) {
    const entry = ranked[index] as number;
    if (isOfClass(entry)) hits++;
    if (isLastOfTies(entry)) visit(hits, index + 1 - hits, positionOf(entry));
  }
}

/** How many are of the class, and how many are not. */
export function totalsOf(ranked: RankedScores): { readonly positives: number; readonly negatives: number } {
  let positives = 0;
  for (let index = 0; index < ranked.length; index++) if (isOfClass(ranked[index] as number)) positives++;
  return { positives, negatives: ranked.length - positives };
}

export interface Areas {
  /** NaN where the class or the others have no weight. */
  readonly rocArea: number;
  /** NaN where the class has none. */
  readonly averagePrecision: number;
}

/** Areas under ROC (trapezoids, so that ties count half) and precision-recall (steps), each position counting `weights` times. */
export function areasOf(ranked: RankedScores, weights: ArrayLike<number>): Areas {
  let [hits, others, area, precisions] = [0, 0, 0, 0];
  let [tiedHits, tiedOthers] = [0, 0];
  for (let index = 0; index < ranked.length; index++) {
    const entry = ranked[index] as number;
    const weight = weights[entry >> 2] as number;
    if (entry & 2) tiedHits += weight;
    else tiedOthers += weight;
    if ((entry & 1) === 0) continue;
    area += tiedOthers * (hits + tiedHits / 2);
    hits += tiedHits;
    others += tiedOthers;
    if (tiedHits > 0) precisions += (tiedHits * hits) / (hits + others);
    tiedHits = 0;
    tiedOthers = 0;
  }
  return { rocArea: area / (hits * others), averagePrecision: precisions / hits };
}
