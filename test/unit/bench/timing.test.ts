import { summarize } from "../../../src/bench/timing";

describe("summarize", () => {
  test("percentiles lie between the sorted times, whatever order these came in", () => {
    // 1 to 101: the place of a share is 100 times it, so that the percentile is the share in percent plus 1.
    const times = Array.from({ length: 101 }, (_, index) => ((index * 37) % 101) + 1);
    expect(summarize(times)).toEqual({ calls: 101, mean: 51, p50: 51, p90: 91, p99: 100 });
  });

  test("between two times it goes straight from one to the other", () => {
    const { p50, p90, p99 } = summarize([20, 10]);
    expect(p50).toBe(15);
    expect(p90).toBeCloseTo(19, 12);
    expect(p99).toBeCloseTo(19.9, 12);
  });

  test("one time is every percentile, and none is an error", () => {
    expect(summarize([3])).toEqual({ calls: 1, mean: 3, p50: 3, p90: 3, p99: 3 });
    expect(() => summarize([])).toThrow(RangeError);
  });

  test("numbers are not sorted as texts, and the given array stays as it is", () => {
    const times = [9, 10, 100];
    expect(summarize(times).p50).toBe(10);
    expect(times).toEqual([9, 10, 100]);
  });
});
