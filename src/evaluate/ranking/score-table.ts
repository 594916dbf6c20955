import { randomIntegers } from "../resampling/random-integers";

/** 256 MB of them. */
const mostScores = 1 << 26;

/**
 * Scores of each class, `[class][position]`, kept whole, since exact areas need them; where they are more than 64 million in all, those of a seeded
 * sample of the positions, each as likely as any other.
 */
export class ScoreTable {
  readonly columns: readonly Float32Array[];
  /** True classes of the positions that were kept. */
  readonly truth: Int32Array;
  /** Which position each of them was, ascending. */
  readonly positions: Int32Array;
  private readonly draw: (bound: number) => number;
  private seen = 0;
  private kept = 0;
  private hasOnlyNumbers = true;

  /** `count` positions will come; `classes` scores are kept of each. */
  constructor(
    private readonly count: number,
    { classes, seed, most = mostScores }: { readonly classes: number; readonly seed: number; readonly most?: number },
  ) {
    const size = Math.min(count, Math.max(1, Math.floor(most / classes)));
    this.columns = Array.from({ length: classes }, () => new Float32Array(size));
    this.truth = new Int32Array(size);
    this.positions = new Int32Array(size);
    this.draw = randomIntegers(seed, "score sample");
  }

  /** The last `columns.length` of `scores` are kept. */
  add(truth: number, scores: Float32Array): void {
    const position = this.seen++;
    const { columns, positions } = this;
    // Selection sampling (Knuth, "Seminumerical Algorithms", 3.4.2, algorithm S).
    const isKept = positions.length === this.count || this.draw(this.count - position) < positions.length - this.kept;
    if (!isKept || this.kept === positions.length) return;
    const skipped = scores.length - columns.length;
    for (let column = 0; column < columns.length; column++) {
      const score = scores[skipped + column] as number;
      if (!Number.isFinite(score)) this.hasOnlyNumbers = false;
      (columns[column] as Float32Array)[this.kept] = score;
    }
    this.truth[this.kept] = truth;
    positions[this.kept++] = position;
  }

  get isWhole(): boolean {
    return this.positions.length === this.count;
  }

  /** Whether there are scores, and every one is finite. */
  get canBeRanked(): boolean {
    return this.hasOnlyNumbers && this.kept > 0 && this.columns.length > 0;
  }
}
