import type { Metric } from "../../../src/objectives/metrics/define-metric";
import { EpochSums } from "../../../src/train/epoch-sums";

const share: Metric = {
  name: "share",
  isHigherBetter: true,
  statisticsLength: 2,
  statistics: () => {
    throw new Error("not asked for here");
  },
  result: ([hits = 0, all = 0]) => hits / all,
};

const step = (count: number, weight: number, lossSum: number, penalty: number, hits: number) => ({
  count,
  weight,
  lossSum,
  penalty,
  metrics: [Float64Array.of(hits, count)],
});

test("batches of different sizes count by their examples", () => {
  const sums = new EpochSums([share]);
  sums.add(step(4, 8, 4, 0.5, 3));
  sums.add(step(1, 2, 6, 1, 0));
  // loss: (4 + 6) / (8 + 2); penalty: (0.5 * 4 + 1 * 1) / 5.
  expect(sums.figures()).toEqual({ loss: 1 + 0.6, share: 0.6 });
  expect(sums.figures("val_")).toEqual({ val_loss: 1.6, val_share: 0.6 });
  expect(sums.examples).toBe(5);
});

test("what is stored goes on to the very same figures", () => {
  const steps = Array.from({ length: 9 }, (_, i) => step(3, 3.3 + i, Math.sqrt(i + 0.1), i / 7, i % 3));
  const whole = new EpochSums([share]);
  for (const one of steps) whole.add(one);
  const first = new EpochSums([share]);
  for (const one of steps.slice(0, 4)) first.add(one);
  const second = new EpochSums([share]);
  second.restore(JSON.parse(JSON.stringify(first)));
  for (const one of steps.slice(4)) second.add(one);
  expect(second.figures()).toEqual(whole.figures());
});
