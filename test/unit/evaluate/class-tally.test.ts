import { ClassTally } from "../../../src/evaluate/class-tally";

const show = (example: number) => ({ origin: `e${example}`, example, input: null });

function tallyOf(rows: readonly (readonly [number, ...number[]])[], labels: readonly string[]) {
  const tally = new ClassTally({ labels, count: rows.length, seed: 1 });
  for (const [index, [truth, ...scores]] of rows.entries())
    tally.add(truth, Float32Array.from(scores), () => show(index));
  return tally.results("example");
}

test("the surest mistakes, the least certain examples, the most frequent confusions", () => {
  const { details, confidence } = tallyOf(
    [
      [0, 0.9, 0.1, 0],
      [0, 0.3, 0.6, 0.1],
      [1, 0.1, 0.1, 0.8],
      [2, 0.25, 0.25, 0.5],
      [0, 0, 0.7, 0.3],
    ],
    ["a", "b", "c"],
  );
  expect(details.mistakes.map(({ origin, label, predicted }) => [origin, label, predicted])).toEqual([
    ["e2", "b", "c"],
    ["e4", "a", "b"],
    ["e1", "a", "b"],
  ]);
  expect(details.mistakes[0]?.truthProbability).toBeCloseTo(0.1, 6);
  expect(details.uncertain[0]).toMatchObject({ origin: "e3", label: "c", predicted: "c", second: "a" });
  expect(details.topConfusions).toEqual([
    { label: "a", predicted: "b", count: 2, share: 2 / 3 },
    { label: "b", predicted: "c", count: 1, share: 1 },
  ]);
  expect(details.calibration?.bins.reduce((sum, { examples }) => sum + examples, 0)).toBe(5);
  expect(confidence).toBeNull();
});

test("scores that are no probabilities are ranked, but not calibrated", () => {
  const { details } = tallyOf(
    [
      [0, 3, -2],
      [1, -1, 4],
    ],
    ["a", "b"],
  );
  expect(details.calibration).toBeNull();
  expect(details.ranking?.rocArea).toBe(1);
});

test("outputs that are not numbers: the first class, no curves, no calibration", () => {
  const { details } = tallyOf(
    [
      [0, Number.NaN, Number.NaN],
      [1, Number.NaN, Number.NaN],
    ],
    ["a", "b"],
  );
  expect(details.confusion).toEqual([
    [1, 0],
    [1, 0],
  ]);
  expect(details).toMatchObject({ ranking: null, calibration: null });
});

test("intervals hold the figures of all examples", () => {
  const rows = Array.from({ length: 60 }, (_, index): [number, number, number] => {
    const second = (index % 10) / 10 + 0.04;
    return [index % 3 === 0 ? 0 : 1, 1 - second, second];
  });
  const { details, confidence } = tallyOf(rows, ["a", "b"]);
  expect(confidence).toMatchObject({ level: 0.95, resamples: 1000, unit: "example", units: 60, seed: 1 });
  const figures = new Map(confidence?.figures.map((each) => [each.figure, each]));
  expect([...figures.keys()]).toEqual(["accuracy", "balancedAccuracy", "macroF1", "rocArea", "averagePrecision"]);
  expect(figures.get("rocArea")?.value).toBe(details.ranking?.rocArea);
  expect(figures.get("macroF1")?.value).toBeCloseTo(details.averages.macro.f1, 12);
  for (const { low, value, high } of figures.values()) {
    expect(low).toBeLessThan(value);
    expect(value).toBeLessThan(high);
  }
});
