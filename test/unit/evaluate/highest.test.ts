import { Highest } from "../../../src/evaluate/highest";

test("the highest are kept, highest first, and only so many; others are never made", () => {
  const highest = new Highest<string>(3);
  const made: number[] = [];
  for (const rank of [0.5, 0.9, 0.1, 0.7, 0.95, 0.2]) {
    highest.offer(rank, () => {
      made.push(rank);
      return `p${rank}`;
    });
  }
  expect(highest.all).toEqual(["p0.95", "p0.9", "p0.7"]);
  expect(made).toEqual([0.5, 0.9, 0.1, 0.7, 0.95]);
});

test("of equal ones the first stay; what is not a number comes before all", () => {
  const highest = new Highest<string>(2);
  for (const [rank, item] of [
    [1, "a"],
    [1, "b"],
    [1, "c"],
    [Number.NaN, "none"],
  ] as const) {
    highest.offer(rank, () => item);
  }
  expect(highest.all).toEqual(["none", "a"]);
});
