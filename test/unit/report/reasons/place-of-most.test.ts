import { placeOfMost } from "../../../../src/report/reasons/place-of-most";

const map = (shape: readonly [number, number], bright: Readonly<Record<number, number>>) => {
  const values = new Float32Array(shape[0] * shape[1]);
  for (const [place, value] of Object.entries(bright)) values[Number(place)] = value;
  return { values, shape, isSigned: true };
};

test.each([
  ["in the upper left", [6, 6], { 0: 1, 7: 1, 35: 1.5 }],
  ["in the lower right", [6, 6], { 0: 1, 35: 1.5 }],
  ["in the middle", [3, 3], { 4: 0.1 }],
  ["in the middle right", [3, 6], { 11: 1 }],
  // What speaks against it is not counted.
  ["in the lower left", [3, 3], { 0: -9, 6: 0.1 }],
  // A map of one place covers all of an image.
  ["in the middle", [1, 1], { 0: 1 }],
] as const)("%s", (expected, shape, bright) => {
  expect(placeOfMost(map(shape, bright))).toBe(expected);
});

test("nowhere when nothing speaks for it", () => {
  expect(placeOfMost(map([3, 3], { 2: -1 }))).toBeUndefined();
});
