import { shortestNumber } from "../../predict/shortest-number";
import type { Curve } from "../curve";
import { type RankedScores, totalsOf, walkThresholds } from "./ranked-scores";

/** A step of a curve that moves less than this in all is left out of what is shown, which so has about 100 points. */
const smallestStep = 0.02;

/** The ROC's corners from (0, 0) to (1, 1), those that are far enough from the one before. */
export function rocCurve(ranked: RankedScores, scores: Float32Array): Curve {
  const { positives, negatives } = totalsOf(ranked);
  const curve = new ThinCurve();
  curve.add(0, 0, null);
  let travelled = 0;
  walkThresholds(ranked, (hits, others, position) => {
    const [x, y] = [others / negatives, hits / positives];
    const isLast = hits + others === ranked.length;
    if (x + y - travelled < smallestStep && !isLast) return;
    travelled = x + y;
    curve.add(x, y, scores[position] as number);
  });
  return curve.curve;
}

/** Recall and precision from the first score to that which finds all, at each score whose recall is far enough from the one before. */
export function precisionRecallCurve(ranked: RankedScores, scores: Float32Array): Curve {
  const { positives } = totalsOf(ranked);
  const curve = new ThinCurve();
  let travelled = Number.NEGATIVE_INFINITY;
  walkThresholds(ranked, (hits, others, position) => {
    const x = hits / positives;
    // Below the last one of the class only precision falls, and nothing more is found.
    if (travelled === 1 || (x - travelled < smallestStep / 2 && hits < positives)) return;
    travelled = x;
    curve.add(x, hits / (hits + others), scores[position] as number);
  });
  return curve.curve;
}

class ThinCurve {
  private readonly x: number[] = [];
  private readonly y: number[] = [];
  private readonly thresholds: (number | null)[] = [];

  add(x: number, y: number, threshold: number | null): void {
    this.x.push(Number(x.toPrecision(6)));
    this.y.push(Number(y.toPrecision(6)));
    this.thresholds.push(threshold === null ? null : shortestNumber(threshold));
  }

  get curve(): Curve {
    const { x, y, thresholds } = this;
    return { x, y, thresholds };
  }
}
