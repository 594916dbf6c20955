import type { ExampleSet } from "../../../src/data/example-set";
import { StepCollector } from "../../../src/evaluate/collect-steps";

const inputs = { kind: "text", count: 8, text: (index: number) => `words of ${index}` };
const set = { origin: (index: number) => `t.csv row ${index + 1}`, inputs } as ExampleSet;

test("steps without a target are passed over; words are counted without them", () => {
  const collector = new StepCollector(["x", "y"], set, { count: 4, seed: 1 });
  collector.add(
    Int32Array.of(4, 7),
    // Left-padded and right-padded.
    [-1, 0, 1, 1, 0, -1],
    Float32Array.from([0, 1, 0.9, 0.1, 0.6, 0.4, 0.2, 0.8, 0.3, 0.7, 1, 0]),
  );
  const { details } = collector.results();
  if (details.kind !== "classes") throw new Error(details.kind);
  const { confusion, perClass, mistakes, ranking } = details;
  // Truth 0 1 1 0, predicted 0 0 1 1.
  expect(confusion).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(perClass.map(({ support }) => support)).toEqual([2, 2]);
  expect(mistakes.map(({ origin, label, predicted }) => [origin, label, predicted])).toEqual([
    ["t.csv row 8 word 2", "x", "y"],
    ["t.csv row 5 word 2", "y", "x"],
  ]);
  expect(mistakes[0]).toMatchObject({ example: 7, input: { kind: "text", text: "words of 7", isCut: false } });
  // Scores of y: 0.1 (x), 0.4 (y), 0.8 (y), 0.7 (x): of the four pairs of a y and an x, 0.4 is below 0.7.
  expect(ranking?.rocArea).toBe(3 / 4);
});

test("one sigmoid unit for two labels", () => {
  const collector = new StepCollector(["no", "yes"], set, { count: 3, seed: 1 });
  collector.add(Int32Array.of(0), [1, 0, 1], Float32Array.of(0.9, 0.2, 0.4));
  expect(collector.results().details).toMatchObject({
    confusion: [
      [1, 0],
      [1, 1],
    ],
  });
});
