import fc from "fast-check";
import { preprocessSchema } from "../../../../src/data/preprocess/preprocess-config";
import { fitPreprocessing, restorePreprocessing } from "../../../../src/data/preprocess/preprocessing";
import { textSet } from "../../../helpers/example-sets";
import { startJsRuntime } from "../../../helpers/runtime";

beforeAll(startJsRuntime);

const all = (count: number) => Int32Array.from({ length: count }, (_, index) => index);
const splits = { train: new Int32Array(), validation: new Int32Array(), test: new Int32Array() };
const fitOn = (ops: object[], set: ReturnType<typeof textSet>, training = all(set.count)) =>
  fitPreprocessing(preprocessSchema.parse(ops), set, training);
const words = [{ op: "tokenize" }, { op: "truncate", length: 3 }, { op: "pad", length: 3 }];

describe("texts", () => {
  it("become ids, 0 for padding and 1 for what training does not know, also after the record was written and read", async () => {
    const set = textSet(["b a a", "a new c", "", "a a a a"]);
    const preprocessing = await fitOn(words, set, Int32Array.of(0, 2));
    const restored = restorePreprocessing(JSON.parse(JSON.stringify(preprocessing.record)));
    for (const { encode, shape, dtype, vocabulary } of [preprocessing, restored]) {
      expect({ shape, dtype, vocabulary }).toEqual({ shape: [3], dtype: "int32", vocabulary: 4 });
      const { data } = await encode(set.inputs, { origin: String }).read(Int32Array.of(0, 1, 2, 3));
      expect(data).toEqual(Int32Array.of(3, 2, 2, 2, 1, 1, 1, 0, 0, 2, 2, 2));
    }
    expect(preprocessing.facts).toEqual([
      "vocabulary: 4 tokens (words), made of the training texts",
      "texts: 1 to 3 tokens, half up to 1; none is truncated to 3; 25.0 % of the tokens are unknown, 28.6 % outside of the training split",
    ]);
  });

  it("are cut and filled up at the side that is stated", async () => {
    const ops = [
      { op: "tokenize", unit: "character" },
      { op: "truncate", length: 2, side: "start" },
      { op: "pad", length: 3, side: "start" },
    ];
    const set = textSet(["abc", "b"]);
    const { data } = await (await fitOn(ops, set)).encode(set.inputs, { origin: String }).read(all(2));
    expect(data).toEqual(Int32Array.of(0, 3, 4, 0, 0, 3));
  });

  it("of any kind are read, and give ids of the vocabulary", async () => {
    const text = fc.string({
      unit: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\ud800", "\0", "👍", " ")),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), text, async (texts, other) => {
        const preprocessing = await fitOn(words, textSet(texts));
        const inputs = textSet([other]).inputs;
        const { data } = await preprocessing.encode(inputs, { origin: String }).read(Int32Array.of(0));
        expect(data.length).toBe(3);
        expect(Array.from(data).every((id) => id >= 0 && id < (preprocessing.vocabulary ?? 0))).toBe(true);
        // There is always something that is not padding.
        expect(Math.max(...data)).toBeGreaterThan(0);
      }),
    );
  });

  it("outside of the training split have no part in the vocabulary", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string(), { minLength: 2, maxLength: 5 }), fc.string(), async (texts, other) => {
        const training = all(texts.length - 1);
        for (const unit of ["word", "character", "subword"]) {
          const ops = [
            { op: "tokenize", unit },
            { op: "truncate", length: 4 },
            { op: "pad", length: 4 },
          ];
          const { record } = await fitOn(ops, textSet(texts), training);
          const changed = await fitOn(ops, textSet([...texts.slice(0, -1), other]), training);
          expect(changed.record).toEqual(record);
        }
      }),
    );
  });

  it.each([
    ["without tokenize", [{ op: "pad", length: 3 }], /there is no tokenize/],
    ["tokenized twice", [{ op: "tokenize" }, { op: "tokenize" }], /tokenize is data.preprocess\[0\] already/],
    ["tokenized last", [{ op: "pad", length: 9 }, { op: "tokenize" }], /tokenize can't come after pad/],
    ["standardized", [{ op: "tokenize" }, { op: "standardize" }], /standardize is not for texts/],
    ["of other lengths", [{ op: "tokenize" }], /example 0 has 2 tokens, example 1 has 1/],
    [
      "longer than pad",
      [{ op: "tokenize" }, { op: "pad", length: 1 }],
      /example 0 has 2 tokens, and data.preprocess pads to 1/,
    ],
  ])("%s are an error", async (_, ops, message) => {
    await expect(fitOn(ops, textSet(["a b", "c"]))).rejects.toThrow(message);
  });

  it("that are too long for a trained model are an error that names the input", async () => {
    const preprocessing = await fitOn([{ op: "tokenize" }, { op: "pad", length: 2 }], textSet(["a b", "c"]));
    const encoded = preprocessing.encode(textSet(["a", "a b c"]).inputs, { origin: (index) => `line ${index}` });
    expect((await encoded.read(Int32Array.of(0))).data).toEqual(Int32Array.of(2, 0));
    await expect(encoded.read(Int32Array.of(1))).rejects.toThrow("line 1 has 3 tokens");
  });
});

describe("tags", () => {
  const tags = [Int32Array.of(0, 1, 0, 1), Int32Array.of(1)];
  const tagged = textSet(["w x y z", "w"], {
    task: "tokens",
    inputs: { kind: "text", count: 2, text: (index) => ["w x y z", "w"][index] as string, isTokenized: true },
    targets: { kind: "sequence", labels: ["A", "B"], length: null, steps: (index) => tags[index] as Int32Array },
  });

  it.each([
    ["end", "end", [0, 1, 0], [1, -1, -1]],
    ["start", "end", [1, 0, 1], [1, -1, -1]],
    ["end", "start", [0, 1, 0], [-1, -1, 1]],
  ])("are cut at the %s and filled up at the %s, as their words are", async (cut, pad, first, second) => {
    const ops = [{ op: "tokenize" }, { op: "truncate", length: 3, side: cut }, { op: "pad", length: 3, side: pad }];
    const preprocessing = await fitOn(ops, tagged);
    const { set } = preprocessing.arrange(tagged, splits);
    if (set.targets.kind !== "sequence") throw new Error("no tags");
    expect(set.targets.length).toBe(3);
    expect([0, 1].map((index) => set.targets.kind === "sequence" && [...set.targets.steps(index)])).toEqual([
      first,
      second,
    ]);
    const { data } = await preprocessing.encode(set.inputs, { origin: String }).read(all(2));
    // Where there is a word there is a tag.
    expect([...data].map((id) => id !== 0)).toEqual([...first, ...second].map((tag) => tag !== -1));
  });

  it("need whole words", async () => {
    await expect(fitOn([{ op: "tokenize", unit: "subword" }, ...words.slice(1)], tagged)).rejects.toThrow(
      "each word has a tag, and subword takes words apart",
    );
  });
});
