import { addAreaInfluence } from "../../../../src/evaluate/ranking/area-influence";
import { areasOf, rankScores } from "../../../../src/evaluate/ranking/ranked-scores";

// With ties, within a class and between both.
const scores = Float32Array.of(0.9, 0.8, 0.8, 0.7, 0.5, 0.5, 0.5, 0.3, 0.3, 0.1);
const truth = Int32Array.of(1, 1, 0, 1, 0, 1, 1, 0, 0, 1);
const ranked = rankScores(scores, truth, 1);

test("the derivatives of both areas by each weight, against central differences (1e-6)", () => {
  const [roc, precision] = [new Float64Array(10), new Float64Array(10)];
  addAreaInfluence(ranked, { roc, precision, share: 0.5 });
  const step = 1e-5;
  for (let position = 0; position < 10; position++) {
    const at = (change: number) =>
      areasOf(
        ranked,
        Array.from(scores, (_, index) => 1 + (index === position ? change : 0)),
      );
    const [up, down] = [at(step), at(-step)];
    expect(roc[position]).toBeCloseTo((0.5 * (up.rocArea - down.rocArea)) / (2 * step), 6);
    expect(precision[position]).toBeCloseTo((0.5 * (up.averagePrecision - down.averagePrecision)) / (2 * step), 6);
  }
});

test("nothing is added for a class without examples", () => {
  const [roc, precision] = [new Float64Array(10), new Float64Array(10)];
  addAreaInfluence(rankScores(scores, truth, 2), { roc, precision, share: 1 });
  expect([...roc, ...precision].every((value) => value === 0)).toBe(true);
});
