/** A curve of any length in a bounded number of points: when they get too many, each two become one, their mean. */
export class ThinnedList {
  private points: number[] = [];
  private width = 1;
  private pending = 0;
  private pendingCount = 0;

  /** `limit`: an even number of points that is never exceeded. */
  constructor(private readonly limit: number) {}

  /** How many values one point is the mean of. */
  get valuesPerPoint(): number {
    return this.width;
  }

  /** Whole points, the oldest first. */
  get values(): readonly number[] {
    return this.points;
  }

  add(value: number): void {
    this.pending += value;
    this.pendingCount += 1;
    if (this.pendingCount < this.width) return;
    this.points.push(this.pending / this.width);
    this.pending = 0;
    this.pendingCount = 0;
    if (this.points.length < this.limit) return;
    this.points = Array.from({ length: this.limit / 2 }, (_, index) => {
      const [a, b] = [this.points[2 * index] as number, this.points[2 * index + 1] as number];
      return (a + b) / 2;
    });
    this.width *= 2;
  }
}
