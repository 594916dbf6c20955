import { strongestPieces } from "../../../../src/report/reasons/strongest-pieces";

test("names the strongest of both sides, each once, without marks and what hardly matters", () => {
  const weights = { a: 0.2, b: 1, ",": 0.9, c: -0.5, d: 0.05, e: -0.9, f: 0.3, g: 0.4, h: 0.5 };
  const pieces = [
    ...Object.entries(weights).map(([text, weight]) => ({ text, weight })),
    { text: " b ", weight: 0.8 },
    { text: "猫", weight: -1 },
  ];
  expect(strongestPieces(pieces)).toEqual({ for: ["b", "h", "g", "f"], against: ["猫", "e", "c"] });
  expect(strongestPieces([])).toEqual({ for: [], against: [] });
});
