import { classProbabilities, rankLabels } from "../../../src/predict/class-probabilities";
import { shortestNumber } from "../../../src/predict/shortest-number";

test("labels come by probability, equal ones in the model's order", () => {
  const ranked = rankLabels(["a", "b", "c", "d"], Float32Array.of(0.25, 0.125, 0.5, 0.125));
  expect(ranked.map(({ label }) => label)).toEqual(["c", "a", "b", "d"]);
  expect(ranked[0]).toEqual({ label: "c", probability: 0.5 });
});

test("only the first ones where so many are asked for", () => {
  expect(rankLabels(["a", "b", "c"], Float32Array.of(0.1, 0.2, 0.7), 2).map(({ label }) => label)).toEqual(["c", "b"]);
});

test("a single unit gives both classes, the second with its value", () => {
  expect([...classProbabilities(Float32Array.of(0.25), 2)]).toEqual([0.75, 0.25]);
  expect([...classProbabilities(Float32Array.of(0.25, 0.75), 2)]).toEqual([0.25, 0.75]);
});

test("a float32 is written as short as it can be and read back the same", () => {
  expect(shortestNumber(Math.fround(0.97))).toBe(0.97);
  expect(shortestNumber(Math.fround(0.1))).toBe(0.1);
  expect(shortestNumber(1)).toBe(1);
  expect(shortestNumber(0)).toBe(0);
  for (let index = 0; index < 2000; index++) {
    const value = Math.fround(Math.sin(index) * 10 ** ((index % 60) - 30));
    expect(Math.fround(shortestNumber(value))).toBe(value);
  }
});
