import { WorstMistakes } from "../../../src/evaluate/worst-mistakes";

test("the surest mistakes are kept, surest first, and only so many", () => {
  const worst = new WorstMistakes(3);
  for (const probability of [0.5, 0.9, 0.1, 0.7, 0.95, 0.2]) {
    worst.add({ example: 0, input: null, origin: `p${probability}`, label: "a", predicted: "b", probability });
  }
  expect(worst.all.map(({ probability }) => probability)).toEqual([0.95, 0.9, 0.7]);
});
