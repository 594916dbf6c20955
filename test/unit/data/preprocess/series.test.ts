import fc from "fast-check";
import { preprocessSchema } from "../../../../src/data/preprocess/preprocess-config";
import { fitPreprocessing, restorePreprocessing } from "../../../../src/data/preprocess/preprocessing";
import { paddingValue } from "../../../../src/data/series/padding-value";
import { seriesSet, setOf } from "../../../helpers/example-sets";
import { startJsRuntime } from "../../../helpers/runtime";

beforeAll(startJsRuntime);

const P = paddingValue;
const all = (count: number) => Int32Array.from({ length: count }, (_, index) => index);
const fitOn = (ops: object[], set: ReturnType<typeof seriesSet>, training = all(set.count)) =>
  fitPreprocessing(preprocessSchema.parse(ops), set, training);

async function encode(
  ops: object[],
  set: ReturnType<typeof seriesSet>,
  training: Int32Array<ArrayBuffer> = all(set.count),
) {
  const preprocessing = await fitOn(ops, set, training);
  const restored = restorePreprocessing(JSON.parse(JSON.stringify(preprocessing.record)));
  const origin = (index: number) => set.origin(index);
  const tensor = await preprocessing.encode(set.inputs, { origin }).read(all(set.count));
  expect(await restored.encode(set.inputs, { origin }).read(all(set.count))).toEqual(tensor);
  expect(restored.maskValue).toBe(preprocessing.maskValue);
  return { ...tensor, data: [...tensor.data], maskValue: preprocessing.maskValue };
}

const short = [
  [[1], [2], [3]],
  [[4], [5]],
];

describe("series", () => {
  it.each([
    ["at the end", "end", [1, 2, 3, P, 4, 5, P, P]],
    ["at the start", "start", [P, 1, 2, 3, P, P, 4, 5]],
  ])("are padded %s", async (_, side, data) => {
    const expected = { data, shape: [2, 4, 1], maskValue: P };
    expect(await encode([{ op: "pad", length: 4, side }], seriesSet(short))).toEqual(expected);
  });

  it.each([
    ["end", [1, 2, 4, 5]],
    ["start", [2, 3, 4, 5]],
  ])("are cut off at the %s, and need no padding when all have one length then", async (side, data) => {
    const expected = { data, shape: [2, 2, 1], maskValue: undefined };
    expect(await encode([{ op: "truncate", length: 2, side }], seriesSet(short))).toEqual(expected);
  });

  it("are standardized channel by channel on the training examples, padding left alone", async () => {
    const set = seriesSet([
      [
        [1, 7],
        [3, 7],
      ],
      [[5, 9]],
    ]);
    const { data } = await encode([{ op: "standardize" }, { op: "pad", length: 2 }], set, Int32Array.of(0));
    // Mean 2 and deviation 1; the second channel is constant in training, and stays finite outside of it.
    expect(data).toEqual([-1, 0, 1, 0, 3, 2, P, P]);
    const scaled = await encode([{ op: "minMax" }, { op: "pad", length: 2 }], set);
    expect(scaled.data).toEqual([0, 0, 0.5, 0, 1, 1, P, P]);
  });

  it("are fitted on what truncation leaves", async () => {
    const set = seriesSet([[[0], [2], [1000]]]);
    const { data } = await encode([{ op: "standardize" }, { op: "truncate", length: 2 }], set);
    expect(data).toEqual([-1, 1]);
  });

  it("do not depend on examples outside of the training split", async () => {
    const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    const series = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(series, { minLength: 2, maxLength: 5 }), series, async (examples, other) => {
        const ops = [{ op: "standardize" }, { op: "minMax" }, { op: "pad", length: 5 }];
        const training = all(examples.length - 1);
        const { record } = await fitOn(ops, seriesSet(examples), training);
        const changed = await fitOn(ops, seriesSet([...examples.slice(0, -1), other]), training);
        expect(changed.record).toEqual(record);
      }),
    );
  });

  it.each([
    ["of other lengths", [{ op: "standardize" }], /example 0 has 3 steps, example 1 has 2/, /"pad", "length": 2/],
    ["longer than pad", [{ op: "pad", length: 2 }], /example 0 has 3 steps, and data.preprocess pads to 2/, /truncate/],
    ["tokenized", [{ op: "tokenize" }], /tokenize is not for series/, /standardize/],
    [
      "padded before they are scaled",
      [{ op: "pad", length: 3 }, { op: "minMax" }],
      /minMax can't come after pad/,
      /pad last/,
    ],
    [
      "padded to less than truncate leaves",
      [
        { op: "truncate", length: 3 },
        { op: "pad", length: 2 },
      ],
      /truncate leaves up to 3/,
      /same length/,
    ],
  ])("%s are an error that says what to do", async (_, ops, message, hint) => {
    const promise = fitOn(ops, seriesSet(short));
    await expect(promise).rejects.toThrow(message);
    await expect(promise).rejects.toMatchObject({ hint: expect.stringMatching(hint) });
  });

  it("without a value, or of a length the model does not take, are an error that names the example", async () => {
    const preprocessing = await fitOn([], seriesSet([[[1], [2]]]));
    const read = (steps: number[][]) =>
      preprocessing.encode(seriesSet([steps]).inputs, { origin: () => "new.csv row 3" }).read(Int32Array.of(0));
    await expect(read([[1], [Number.NaN]])).rejects.toThrow("new.csv row 3: step 2 of channel c0 has no value");
    await expect(read([[1]])).rejects.toThrow("new.csv row 3 has 1 steps, and the model takes 2");
    expect(() =>
      preprocessing.encode(setOf({ kind: "text", count: 1, text: () => "" }).inputs, { origin: () => "" }),
    ).toThrow("The model takes series of numbers, and the inputs are texts");
  });

  it("are described", async () => {
    expect(
      (
        await fitOn(
          [
            { op: "truncate", length: 2 },
            { op: "pad", length: 2 },
          ],
          seriesSet(short),
        )
      ).facts,
    ).toEqual(["series: 2 to 3 steps, half up to 2; 50.0 % are truncated to 2"]);
  });
});
