import { goodShare, links, parallelFigures } from "../../../src/plan/parallel";

test("a ring of devices: 2 (n - 1) / n of the gradients over the link, against the step", () => {
  const request = { stepSeconds: 1, gradientBytes: 1e9, batches: undefined };
  for (const [index, { devices, exchangeSeconds, efficiency }] of parallelFigures(request).entries()) {
    const { bytesPerSecond, latencySeconds } = links[index] as (typeof links)[number];
    const secondsOf = (count: number) =>
      ((2 * (count - 1)) / count) * (1e9 / bytesPerSecond) + 2 * (count - 1) * latencySeconds;
    if (devices > 1) {
      expect(exchangeSeconds).toBeCloseTo(secondsOf(devices), 9);
      expect(efficiency).toBeCloseTo(1 / (1 + exchangeSeconds), 9);
      expect(efficiency).toBeGreaterThanOrEqual(goodShare);
    }
    if (devices < 1024) expect(1 / (1 + secondsOf(2 * devices))).toBeLessThan(goodShare);
  }
});

test("no more devices than batches in an epoch", () => {
  const figures = parallelFigures({ stepSeconds: 10, gradientBytes: 1, batches: 5 });
  expect(figures.map(({ devices }) => devices)).toEqual(links.map(() => 4));
});
