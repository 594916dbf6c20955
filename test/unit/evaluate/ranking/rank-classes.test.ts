import { areaStatistic } from "../../../../src/evaluate/ranking/area-statistic";
import { rankClasses } from "../../../../src/evaluate/ranking/rank-classes";
import { ScoreTable } from "../../../../src/evaluate/ranking/score-table";
import { bootstrap } from "../../../../src/evaluate/resampling/bootstrap";
import { randomIntegers } from "../../../../src/evaluate/resampling/random-integers";

function tableOf(rows: readonly (readonly [number, ...number[]])[], classes: number, most?: number): ScoreTable {
  const table = new ScoreTable(rows.length, { classes, seed: 1, ...(most === undefined ? {} : { most }) });
  for (const [truth, ...scores] of rows) table.add(truth, Float32Array.from(scores));
  return table;
}

test("two classes: the second one's curves, by hand", () => {
  // Down the second score: 0.9 yes, 0.6 no, 0.6 yes, 0.2 no.
  const table = tableOf(
    [
      [1, 0.1, 0.9],
      [0, 0.4, 0.6],
      [1, 0.4, 0.6],
      [0, 0.8, 0.2],
    ],
    1,
  );
  const { classes, macroRoc, examples, ...areas } = rankClasses(table, ["no", "yes"]);
  // Of four pairs three are won and one is tied; precision is 1 at recall 1/2, then 2/3.
  expect(areas).toEqual({ rocArea: 3.5 / 4, averagePrecision: 1 / 2 + 2 / 3 / 2 });
  expect({ macroRoc, examples }).toEqual({ macroRoc: null, examples: 4 });
  expect(classes).toEqual([
    {
      label: "yes",
      positives: 2,
      negatives: 2,
      ...areas,
      roc: { x: [0, 0, 0.5, 1], y: [0, 0.5, 1, 1], thresholds: [null, 0.9, 0.6, 0.2] },
      precisionRecall: { x: [0.5, 1], y: [1, 0.666667], thresholds: [0.9, 0.6] },
    },
  ]);
});

test("three classes: each against the rest, one that never occurs left out of the means", () => {
  const table = tableOf(
    [
      [0, 0.7, 0.2, 0.1],
      [1, 0.5, 0.4, 0.1],
      [0, 0.4, 0.5, 0.1],
    ],
    3,
  );
  const { classes, rocArea, averagePrecision, macroRoc } = rankClasses(table, ["a", "b", "c"]);
  expect(classes.map((each) => each.rocArea)).toEqual([0.5, 0.5, null]);
  expect(classes[2]).toMatchObject({ averagePrecision: null, roc: null, precisionRecall: null, positives: 0 });
  expect(rocArea).toBe(0.5);
  // a: 1 at recall 1/2, 2/3 at 1; b: 1/2.
  expect(averagePrecision).toBeCloseTo((5 / 6 + 1 / 2) / 2, 12);
  // a goes up to 1/2, right, up; b goes right to 1/2, up, right.
  expect(macroRoc?.x.length).toBe(101);
  expect([0, 49, 50, 100].map((at) => macroRoc?.y[at])).toEqual([0.25, 0.25, 0.75, 1]);
});

const random = randomIntegers(3, "test");
const uniform = () => random(1e6) / 1e6;
const noisy = Array.from({ length: 3000 }, (): [number, number, number, number] => {
  const truth = random(3);
  const scores = [0, 1, 2].map((label) => uniform() + (label === truth ? 0.3 : 0)) as [number, number, number];
  return [truth, ...scores];
});

test("curves of many examples have about a hundred points, from corner to corner", () => {
  const { classes } = rankClasses(tableOf(noisy, 3), ["a", "b", "c"]);
  for (const { roc, precisionRecall } of classes) {
    expect(roc?.x.length).toBeLessThanOrEqual(102);
    expect(roc?.x.length).toBeGreaterThan(60);
    expect([roc?.x[0], roc?.y[0], roc?.x.at(-1), roc?.y.at(-1)]).toEqual([0, 0, 1, 1]);
    expect(precisionRecall?.x.length).toBeLessThanOrEqual(102);
    expect(precisionRecall?.x.at(-1)).toBe(1);
  }
});

test("a seeded sample of the scores where all would be too many: each as likely, areas close", () => {
  const sampled = tableOf(noisy, 3, 3000);
  expect(sampled.isWhole).toBe(false);
  expect(sampled.truth.length).toBe(1000);
  expect(new Set(sampled.positions).size).toBe(1000);
  // Where the sampled positions lie: the middle of 0 ... 2999, five standard errors of a mean of 1,000 uniform numbers.
  const mean = sampled.positions.reduce((sum, position) => sum + position, 0) / 1000;
  expect(Math.abs(mean - 1499.5)).toBeLessThan((5 * 3000) / Math.sqrt(12 * 1000));
  const [part, whole] = [rankClasses(sampled, ["a", "b", "c"]), rankClasses(tableOf(noisy, 3), ["a", "b", "c"])];
  expect(part.examples).toBe(1000);
  expect(Math.abs((part.rocArea as number) - (whole.rocArea as number))).toBeLessThan(0.05);
});

test("intervals from the areas' derivatives are those from ranking each resample anew (a twentieth of their width)", () => {
  const table = tableOf(noisy, 3);
  const ranking = rankClasses(table, ["a", "b", "c"]);
  const units = { unitOf: table.positions, units: 3000 };
  const intervals = [400_000, 0].map(
    (most) =>
      bootstrap([areaStatistic(table, ranking, { ...units, most })], { unit: "example", units: 3000, seed: 5 })
        ?.figures ?? [],
  );
  expect(intervals.map((list) => list.map(({ figure }) => figure))).toEqual([
    ["rocArea", "averagePrecision"],
    ["rocArea", "averagePrecision"],
  ]);
  for (const [index, exact] of (intervals[0] ?? []).entries()) {
    const linear = intervals[1]?.[index];
    const width = exact.high - exact.low;
    expect(width).toBeGreaterThan(0.01);
    expect(Math.abs((linear?.low ?? 0) - exact.low)).toBeLessThan(width / 20);
    expect(Math.abs((linear?.high ?? 0) - exact.high)).toBeLessThan(width / 20);
  }
});
