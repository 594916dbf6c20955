import fc from "fast-check";
import { pickExamples } from "../../../src/bench/pick-examples";

const numbers = (count: number) => Int32Array.from({ length: count }, (_, index) => 3 * index);

describe("pickExamples", () => {
  test("all where there are not more", () => {
    expect(pickExamples(numbers(5), 5)).toEqual(numbers(5));
  });

  test("as many as asked for, each once, in order, the first and the last among them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 300 }), fc.integer({ min: 1, max: 2000 }), (count, more) => {
        const all = numbers(count + more);
        const picked = [...pickExamples(all, count)];
        expect(picked).toHaveLength(count);
        for (const [index, example] of picked.entries()) {
          expect(all.includes(example)).toBe(true);
          if (index > 0) expect(example).toBeGreaterThan(picked[index - 1] as number);
        }
        expect(picked[0]).toBe(0);
        expect(picked.at(-1)).toBe(all.at(-1));
      }),
    );
  });

  test("few runs of neighbours, so that a cache of pieces stays small", () => {
    const picked = [...pickExamples(numbers(100_000), 4096)];
    const jumps = picked.filter((example, index) => index > 0 && example !== (picked[index - 1] as number) + 3);
    expect(jumps).toHaveLength(7);
  });
});
