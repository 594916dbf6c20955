import { CalibrationSums } from "../../../src/evaluate/calibration";

test("bins, expected and largest error by hand", () => {
  const sums = new CalibrationSums();
  // Bin 14 (above 14/15): 0.95 right, 1 right, 0.97 wrong. Bin 8 (8/15 to 9/15): 0.55 wrong. A border belongs to the bin below.
  for (const [confidence, isRight] of [
    [0.95, true],
    [1, true],
    [0.97, false],
    [0.55, false],
    [9 / 15, true],
  ] as const) {
    sums.add(confidence, isRight);
  }
  const result = sums.calibration;
  expect(result?.bins).toHaveLength(15);
  expect(result?.bins[8]).toEqual({
    from: 8 / 15,
    to: 9 / 15,
    examples: 2,
    confidence: (0.55 + 0.6) / 2,
    accuracy: 0.5,
  });
  expect(result?.bins[14]).toMatchObject({ examples: 3, accuracy: 2 / 3 });
  expect(result?.bins[3]).toMatchObject({ examples: 0, confidence: null, accuracy: null });
  const gaps = [Math.abs(0.5 - 0.575), Math.abs(2 / 3 - 2.92 / 3)] as const;
  expect(result?.expectedCalibrationError).toBeCloseTo((2 * gaps[0] + 3 * gaps[1]) / 5, 12);
  expect(result?.maximumCalibrationError).toBeCloseTo(gaps[1], 12);
});

test("outputs that are no probabilities have no calibration", () => {
  const sums = new CalibrationSums();
  sums.add(0.9, true);
  sums.add(Number.NaN, true);
  expect(sums.calibration).toBeNull();
  expect(new CalibrationSums().calibration).toBeNull();
});
