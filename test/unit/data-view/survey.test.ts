import { sumsOf } from "../../../src/data/content-sums";
import { findCopies } from "../../../src/data-view/find-copies";
import { isAlike, type Look, lookOf } from "../../../src/data-view/look-alikes";
import { isFarOut, spreadOf } from "../../../src/data-view/spread";

describe("spreadOf", () => {
  test("quartiles as numpy has them, and what is no number left out", () => {
    // np.percentile([1, 2, 4, 8], [25, 50, 75]) = 1.75, 3, 5; np.std = 2.680951...
    expect(spreadOf([8, Number.NaN, 2, 1, 4])).toEqual({
      count: 4,
      least: 1,
      lowerQuartile: 1.75,
      median: 3,
      upperQuartile: 5,
      most: 8,
      mean: 3.75,
      standardDeviation: Math.sqrt(7.1875),
    });
    expect(spreadOf([Number.NaN])).toBeUndefined();
  });

  test("far out is three times the distance of the quartiles beyond them, and twice or half of them", () => {
    const spread = spreadOf([100, 101, 102, 103, 104]) as NonNullable<ReturnType<typeof spreadOf>>;
    expect([206, 205, 110, 51, 50].map((value) => isFarOut(value, spread))).toEqual([true, false, false, false, true]);
    const wide = spreadOf([0, 10, 20, 30, 40]) as typeof spread;
    expect([91, 90].map((value) => isFarOut(value, wide))).toEqual([true, false]);
    expect(isFarOut(100, spreadOf([5, 5, 5, 5, 100]) as typeof spread)).toBe(true);
  });
});

describe("findCopies", () => {
  test("groups equal contents, and says where splits and targets cross", () => {
    const contents = ["a", "b", "a", "c", "b", "a", "d"];
    const sums = sumsOf(contents.length, (index, hash) => hash.update(contents[index] as string));
    const targets = { kind: "class" as const, labels: ["x", "y"], indices: Int32Array.of(0, 0, 0, 1, 1, 0, 1) };
    const splits = { train: Int32Array.of(0, 1, 2, 3), validation: Int32Array.of(4), test: Int32Array.of(5, 6) };
    expect(findCopies(sums, targets, splits)).toEqual([
      { examples: [0, 2, 5], splits: ["train", "test"], isContradictory: false },
      { examples: [1, 4], splits: ["train", "validation"], isContradictory: true },
    ]);
  });
});

describe("look-alikes", () => {
  /** A picture of some hills, `[size, size, 3]`. */
  const picture = (
    size: number,
    change: (value: number, x: number, y: number) => number = (value) => value,
    phase = 0,
  ) =>
    lookOf(
      Uint8Array.from({ length: size * size * 3 }, (_, at) => {
        const [x, y] = [(Math.floor(at / 3) % size) / size, Math.floor(at / 3 / size) / size];
        return Math.max(
          0,
          Math.min(255, change(128 + 60 * Math.sin(9 * x + phase) + 50 * Math.cos(7 * y * (1 + x) + phase), x, y)),
        );
      }),
      [size, size, 3],
    ) as Look;

  test("the same picture smaller, noisy or a little brighter is one; another one is not", () => {
    const original = picture(96);
    expect(isAlike(original, picture(64))).toBe(true);
    expect(
      isAlike(
        original,
        picture(96, (value) => value + 4),
      ),
    ).toBe(true);
    expect(
      isAlike(
        original,
        picture(96, (value, x, y) => value + 6 * Math.sin(900 * x + 700 * y)),
      ),
    ).toBe(true);
    expect(
      isAlike(
        original,
        picture(96, (value) => value, 1),
      ),
    ).toBe(false);
    expect(
      isAlike(
        original,
        picture(96, (value) => 255 - value),
      ),
    ).toBe(false);
  });

  test("a picture without contrast is like nothing; one smaller than what is compared can be looked at", () => {
    expect(lookOf(new Uint8Array(64).fill(7), [8, 8, 1])).toBeUndefined();
    const small = lookOf(
      Uint8Array.from({ length: 16 }, (_, at) => (at * 53) % 256),
      [4, 4, 1],
    ) as Look;
    expect(small.shades.every(Number.isFinite)).toBe(true);
    expect(isAlike(small, small)).toBe(true);
  });
});
