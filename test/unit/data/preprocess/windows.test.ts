import fc from "fast-check";
import type { ExampleSet } from "../../../../src/data/example-set";
import { preprocessSchema } from "../../../../src/data/preprocess/preprocess-config";
import { fitPreprocessing, restorePreprocessing } from "../../../../src/data/preprocess/preprocessing";
import { splitExamples } from "../../../../src/data/splits/split-examples";
import { corpusSet, rowSet } from "../../../helpers/example-sets";
import { startJsRuntime } from "../../../helpers/runtime";

beforeAll(startJsRuntime);

const none = new Int32Array();
const all = (count: number) => Int32Array.from({ length: count }, (_, index) => index);

async function arrange(set: ExampleSet, ops: object[], split: { validation?: number; test?: number } = {}) {
  const task = set.task ?? "forecasting";
  const { indices } = splitExamples(set, split, { task, seed: 1 });
  const fitted = await fitPreprocessing(preprocessSchema.parse(ops), set, indices.train);
  const preprocessing = restorePreprocessing(JSON.parse(JSON.stringify(fitted.record)));
  expect(preprocessing.record).toEqual(fitted.record);
  const arranged = preprocessing.arrange(set, indices);
  const encoded = preprocessing.encode(arranged.set.inputs, { origin: arranged.set.origin });
  return { ...arranged, preprocessing, rows: indices, read: (examples: Int32Array) => encoded.read(examples) };
}

const count = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe("windows of rows", () => {
  it("are followed by their targets", async () => {
    const set = rowSet({ a: count(0, 8), b: count(100, 108) }, { length: 3, horizon: 2, stride: 2 });
    const { set: arranged, read, splits } = await arrange(set, []);
    expect(splits).toEqual({ train: all(2), validation: none, test: none });
    const targets = { kind: "values", names: ["b+1", "b+2"], values: Float32Array.of(103, 104, 105, 106) };
    expect(arranged.targets).toEqual(targets);
    const tensor = await read(all(2));
    expect(tensor.shape).toEqual([2, 3, 2]);
    expect([...tensor.data]).toEqual([0, 100, 1, 101, 2, 102, 2, 102, 3, 103, 4, 104]);
    expect(arranged.origin(1)).toBe("row 2 and the 2 after it");
  });

  it("and their targets are scaled by the training rows, relative to the last one, and come back in their units", async () => {
    const set = rowSet({ a: [0, 2, 4, 6, 8, 10, 100, 90] }, { length: 2, relativeTo: "last" });
    const { set: arranged, read, preprocessing } = await arrange(set, [{ op: "minMax" }], { test: 0.25 });
    // The training rows are 0 ... 10: a difference of 2 is 0.2.
    const { targets } = arranged;
    if (targets.kind !== "values") throw new Error("no values");
    for (const value of targets.values) expect(value).toBeCloseTo(0.2, 6);
    const { data } = await read(all(1));
    expect(data[0]).toBeCloseTo(-0.2, 6);
    expect(data[1]).toBe(0);
    const original = preprocessing.toOriginal?.([0.2], arranged.inputs, 3);
    expect(original?.[0]).toBeCloseTo(10, 5);
  });

  it("never leave their split, segment or file, and miss none that fits", async () => {
    const request = fc.record({
      rows: fc.integer({ min: 12, max: 60 }),
      length: fc.integer({ min: 1, max: 4 }),
      horizon: fc.integer({ min: 1, max: 3 }),
      stride: fc.integer({ min: 1, max: 5 }),
      gap: fc.integer({ min: 0, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ rows, length, horizon, stride, gap }) => {
        const segment = (index: number) => Number(index >= gap);
        const set = rowSet({ a: count(0, rows) }, { length, horizon, stride, segment });
        const made = await arrange(set, [], { validation: 0.2, test: 0.2 }).catch((error: Error) => error);
        // Training may have too few rows in a row.
        if (made instanceof Error) return expect(made.message).toMatch(/takes \d+$/);
        const { inputs } = made.set;
        if (inputs.kind !== "window") throw new Error("no windows");
        for (const name of ["train", "validation", "test"] as const) {
          const own = made.rows[name];
          const starts = Array.from(made.splits[name], (example) => inputs.starts[example] as number);
          const isWindow = (start: number) =>
            count(start, start + length + horizon).every((row) => own.includes(row) && segment(row) === segment(start));
          expect(starts.filter((start) => !isWindow(start))).toEqual([]);
          if (stride === 1) expect(starts).toEqual([...own].filter(isWindow));
        }
        expect(made.set.count).toBe(made.splits.train.length + made.splits.validation.length + made.splits.test.length);
      }),
    );
  });

  it("give back what was scaled, whatever the ops", async () => {
    const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    const ops = fc.subarray([{ op: "normalize", scale: 4, mean: 1, std: 3 }, { op: "standardize" }, { op: "minMax" }]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 6, maxLength: 20 }),
        ops,
        fc.boolean(),
        async (a, given, isRelative) => {
          const b = a.map((each) => each * 2 + 1);
          const options = {
            targets: ["b", "a"],
            length: 2,
            horizon: 2,
            ...(isRelative ? { relativeTo: "last" as const } : {}),
          };
          const { set, preprocessing } = await arrange(rowSet({ a, b }, options), given);
          const { targets, inputs } = set;
          if (targets.kind !== "values") throw new Error("no values");
          const scale = Math.max(1, ...a.map(Math.abs));
          for (const example of all(set.count)) {
            const original = preprocessing.toOriginal?.(
              targets.values.subarray(example * 4, example * 4 + 4),
              inputs,
              example,
            );
            const expected = [b[example + 2], a[example + 2], b[example + 3], a[example + 3]] as number[];
            for (const [index, each] of expected.entries())
              expect(Math.abs((original?.[index] ?? 0) - each)).toBeLessThan(1e-5 * scale);
          }
        },
      ),
    );
  });

  it("of constant columns stay finite", async () => {
    const { read, set } = await arrange(rowSet({ a: Array(8).fill(5) }, { length: 2 }), [{ op: "standardize" }]);
    expect([...(await read(all(1))).data]).toEqual([0, 0]);
    expect(set.targets).toMatchObject({ values: new Float32Array(6) });
  });

  it("are too long for the data: an error in training, a warning elsewhere", async () => {
    const set = rowSet({ a: count(0, 20) }, { length: 5 });
    await expect(arrange(rowSet({ a: count(0, 20) }, { length: 20 }), [])).rejects.toThrow(
      "The training split has at most 20 rows in a row, and a window with its horizon takes 21",
    );
    expect((await arrange(set, [], { test: 0.2 })).warnings).toEqual([
      "the test split has 4 rows, too few for a window with its horizon (6): it is empty",
    ]);
  });

  it("need to see their targets for what is taken from them", async () => {
    const of = (options: object) =>
      rowSet({ a: count(0, 20), b: count(0, 20) }, { features: ["a"], targets: ["b"], length: 2, ...options });
    await expect(arrange(of({ relativeTo: "last" }), [])).rejects.toThrow("the model does not see the last value of b");
    const both = rowSet(
      { a: count(0, 20), b: count(0, 20), c: count(0, 20) },
      { features: ["a", "b"], targets: ["c"], length: 2 },
    );
    await expect(arrange(both, [{ op: "normalize", scale: [2, 3] }])).rejects.toThrow("and none for c");
    const seen = rowSet({ a: count(0, 20), b: count(0, 20) }, { targets: ["b"], length: 2 });
    expect((await arrange(seen, [{ op: "normalize", scale: [2, 4] }])).set.targets).toMatchObject({
      values: Float32Array.from(count(2, 20), (row) => row / 4),
    });
  });

  it("can't be drawn at random", () => {
    const set = rowSet({ a: count(0, 20) }, { length: 2 });
    const split = () => splitExamples(set, { test: 0.2, method: "random" }, { task: "forecasting", seed: 1 });
    expect(split).toThrow("random takes apart what follows on one another");
  });
});

describe("windows of a text", () => {
  const characters = [{ op: "tokenize", unit: "character" }];
  const stepsOf = ({ targets }: ExampleSet, example: number) => {
    if (targets.kind !== "sequence") throw new Error("no tokens");
    return [...targets.steps(example)];
  };

  it("predict each next token; other splits are covered once, whatever their length", async () => {
    const { set, splits, read } = await arrange(corpusSet("abcdefghijklmnop", 3), characters, { test: 0.5 });
    const ids = (await read(splits.train)).data;
    // The training split is a ... h, ids 2 ... 9.
    expect([...ids]).toEqual([2, 3, 4, 5, 6, 7]);
    expect([...splits.train].map((example) => stepsOf(set, example))).toEqual([
      [3, 4, 5],
      [6, 7, 8],
    ]);
    // i ... p are unknown: 8 tokens, of which 7 are predicted, the last window's first 2 by the window before.
    expect([...splits.test].map((example) => stepsOf(set, example))).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [-1, -1, 1],
    ]);
    expect(set.targets).toMatchObject({ length: 3, labels: ["<padding>", "<unknown>", ..."abcdefgh"] });
  });

  it("cover every token but the first of the validation split exactly once, for any unit", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "👍", "\n"), minLength: 40, maxLength: 120 });
    const unit = fc.constantFrom("word", "character", "subword");
    await fc.assert(
      fc.asyncProperty(text, unit, fc.integer({ min: 1, max: 7 }), async (given, unit, length) => {
        const made = await arrange(corpusSet(given, length), [{ op: "tokenize", unit }], { validation: 0.4 }).catch(
          (error: Error) => error,
        );
        if (made instanceof Error) return expect(made.message).toMatch(/training split has fewer/);
        const { set, splits, rows, preprocessing, read } = made;
        const points = Array.from(given);
        const own = points.slice(rows.validation[0], (rows.validation.at(-1) ?? -1) + 1).join("");
        const tokens = [...(preprocessing.tokenizer?.encode(own) ?? [])];
        if (tokens.length <= length) return expect(splits.validation.length).toBe(0);
        const predicted = [...splits.validation].flatMap((example) => stepsOf(set, example)).filter((id) => id !== -1);
        expect(predicted).toEqual(tokens.slice(1));
        // Each step's target is the next step's input.
        for (const example of [...splits.train, ...splits.validation]) {
          const ids = [...(await read(Int32Array.of(example))).data];
          const next = stepsOf(set, example);
          for (let step = 1; step < length; step++) if (next[step - 1] !== -1) expect(next[step - 1]).toBe(ids[step]);
        }
      }),
    );
  });

  it("begin every stride in training", async () => {
    const { splits } = await arrange(corpusSet("abcdefghij", 4, 1), characters);
    expect(splits.train.length).toBe(6);
  });

  it("are too long for the text: an error", async () => {
    await expect(arrange(corpusSet("abc", 3), characters)).rejects.toThrow("fewer than the 4 tokens");
  });
});
