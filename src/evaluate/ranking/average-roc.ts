import type { Curve } from "../curve";
import { type RankedScores, totalsOf, walkThresholds } from "./ranked-scores";

const intervals = 100;

/**
 * The mean of ROC curves at 101 evenly spaced false positive rates, between their corners by straight lines; where a curve goes
 * straight up, its upper end counts.
 */
export class AverageRoc {
  private readonly sums = new Float64Array(intervals + 1);
  private curves = 0;

  /** One class's curve; it has both, some of the class and some others. */
  add(ranked: RankedScores): void {
    const { positives, negatives } = totalsOf(ranked);
    let next = 0;
    let [lastX, lastY] = [0, 0];
    const sum = (y: number) => {
      this.sums[next] = (this.sums[next] as number) + y;
      next++;
    };
    walkThresholds(ranked, (hits, others) => {
      const [x, y] = [others / negatives, hits / positives];
      while (next <= intervals && next / intervals < x) {
        sum(lastY + ((y - lastY) * (next / intervals - lastX)) / (x - lastX));
      }
      [lastX, lastY] = [x, y];
    });
    while (next <= intervals) sum(lastY);
    this.curves++;
  }

  /** Null where there were no curves. */
  get curve(): Curve | null {
    if (this.curves === 0) return null;
    const grid = Array.from(this.sums, (_, index) => index / intervals);
    return {
      x: grid,
      y: Array.from(this.sums, (sum) => Number((sum / this.curves).toPrecision(6))),
      thresholds: grid.map(() => null),
    };
  }
}
