import fc from "fast-check";
import { orderScores } from "../../../../src/evaluate/ranking/order-scores";
import { areasOf, rankScores } from "../../../../src/evaluate/ranking/ranked-scores";

const float = fc.float({ noNaN: true, noDefaultInfinity: true });

test("order: from the highest to the lowest, equal ones as they came, -0 as 0", () => {
  expect([...orderScores(Float32Array.of(0.5, -2, 0, 0.5, -0, 3e30, -1e-40))]).toEqual([5, 0, 3, 2, 4, 6, 1]);
  fc.assert(
    fc.property(fc.float32Array({ noNaN: true, noDefaultInfinity: true, maxLength: 40 }), (scores) => {
      const expected = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
      expect([...orderScores(scores)]).toEqual(expected);
    }),
  );
});

/** The chance that one of the class has the higher score, pair by pair; and precision at each score times the step of recall. */
function byPairs(scores: readonly number[], isOfClass: readonly boolean[], weights: readonly number[]) {
  let [pairs, won] = [0, 0];
  for (const [i, a] of scores.entries()) {
    for (const [j, b] of scores.entries()) {
      if (!isOfClass[i] || isOfClass[j]) continue;
      const weight = (weights[i] as number) * (weights[j] as number);
      pairs += weight;
      won += weight * (a > b ? 1 : a === b ? 0.5 : 0);
    }
  }
  const total = (filter: (index: number) => boolean) =>
    weights.reduce((sum, weight, index) => sum + (filter(index) ? weight : 0), 0);
  const positives = total((index) => isOfClass[index] === true);
  let [precision, found] = [0, 0];
  for (const threshold of [...new Set(scores)].sort((a, b) => b - a)) {
    const taken = total((index) => (scores[index] as number) >= threshold);
    const hits = total((index) => (scores[index] as number) >= threshold && isOfClass[index] === true);
    if (taken > 0) precision += ((hits - found) / positives) * (hits / taken);
    found = hits;
  }
  return { rocArea: won / pairs, averagePrecision: precision };
}

test("areas are those of all pairs, with ties and weights (1e-12)", () => {
  const entry = fc.record({
    score: fc.oneof(float, fc.constantFrom(0, 0.25, 0.5, 1)),
    isOfClass: fc.boolean(),
    weight: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 2, maxLength: 30 }), (entries) => {
      const scores = entries.map(({ score }) => Math.fround(score + 0));
      const isOfClass = entries.map((each) => each.isOfClass);
      const weights = entries.map(({ weight }) => weight);
      const has = (wanted: boolean) => entries.some((each) => each.weight > 0 && each.isOfClass === wanted);
      const ranked = rankScores(Float32Array.from(scores), Int32Array.from(isOfClass, Number), 1);
      const { rocArea, averagePrecision } = areasOf(ranked, weights);
      const expected = byPairs(scores, isOfClass, weights);
      if (has(true)) expect(averagePrecision).toBeCloseTo(expected.averagePrecision, 12);
      else expect(averagePrecision).toBeNaN();
      if (has(true) && has(false)) expect(rocArea).toBeCloseTo(expected.rocArea, 12);
      else expect(rocArea).toBeNaN();
    }),
  );
});
