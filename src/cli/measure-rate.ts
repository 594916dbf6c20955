/** How fast work goes now: a mean over about the last ten seconds, over all of it in the beginning. */
export class RateMeter {
  private static readonly windowSeconds = 10;
  private readonly startedAt: number;
  private readonly marks: { readonly time: number; readonly done: number }[];

  /** Times are in seconds, of any one clock. */
  constructor(now: number) {
    this.startedAt = now;
    this.marks = [{ time: now, done: 0 }];
  }

  /** Records that `done` units were done at `now`. */
  record(done: number, now: number): void {
    const last = this.marks.at(-1);
    // A mark for every tenth of a second is enough, and bounds the list.
    if (last && now - last.time < 0.1) return;
    this.marks.push({ time: now, done });
    while (this.marks.length > 2 && now - (this.marks[1]?.time ?? now) > RateMeter.windowSeconds) this.marks.shift();
  }

  /** Units a second; undefined before anything can be said. */
  rate(done: number, now: number): number | undefined {
    const first = this.marks[0];
    if (!first || now - first.time < 0.2 || done <= first.done) return undefined;
    return (done - first.done) / (now - first.time);
  }

  seconds(now: number): number {
    return now - this.startedAt;
  }
}
