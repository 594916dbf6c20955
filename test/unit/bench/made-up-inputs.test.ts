import { madeUpInputs } from "../../../src/bench/made-up-inputs";

describe("madeUpInputs", () => {
  test("bytes of the whole range, the same at each call", () => {
    const { data, shape } = madeUpInputs({ dtype: "uint8", shape: [64, 8, 8, 3] });
    expect(shape).toEqual([64, 8, 8, 3]);
    expect(new Set(data).size).toBe(256);
    expect(madeUpInputs({ dtype: "uint8", shape: [64, 8, 8, 3] }).data).toEqual(data);
  });

  test("floats of -1 to 1", () => {
    const { data } = madeUpInputs({ dtype: "float32", shape: [1001] });
    expect(data).toBeInstanceOf(Float32Array);
    expect(Math.min(...data)).toBeLessThan(-0.9);
    expect(Math.min(...data)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...data)).toBeGreaterThan(0.9);
    expect(Math.max(...data)).toBeLessThanOrEqual(1);
  });

  test("whole numbers that an embedding of the vocabulary has rows for", () => {
    const { data } = madeUpInputs({ dtype: "int32", shape: [500], below: 7 });
    expect([...new Set(data)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});
