import { restorePreprocessing } from "../../../src/data/preprocess/preprocessing";
import { labelWords } from "../../../src/predict/label-words";
import { locateWords } from "../../../src/predict/locate-words";

type Rules = Record<"truncate" | "pad", { length: number; side: "start" | "end" } | null>;

const preprocessing = (rules: Partial<Rules>) =>
  restorePreprocessing({
    kind: "text",
    tokenizer: {
      unit: "word",
      lowercase: true,
      isTokenized: true,
      tokens: ["<padding>", "<unknown>", "a"],
      merges: [],
    },
    truncate: null,
    pad: null,
    length: 4,
    ...rules,
  });
const text = "one  two\tthree";

test.each<[string, Partial<Rules>, number[]]>([
  ["padded at the end", { pad: { length: 4, side: "end" } }, [0, 1, 2, -1]],
  ["padded at the start", { pad: { length: 4, side: "start" } }, [-1, 0, 1, 2]],
  ["cut at the end", { truncate: { length: 2, side: "end" }, pad: { length: 4, side: "end" } }, [0, 1, -1, -1]],
  ["cut at the start", { truncate: { length: 2, side: "start" }, pad: { length: 4, side: "start" } }, [-1, -1, 1, 2]],
])("words go where the model sees them: %s", (_, rules, steps) => {
  const { words, wordOfStep } = locateWords(text, preprocessing(rules));
  expect(words).toEqual(["one", "two", "three"]);
  expect([...wordOfStep]).toEqual(steps);
});

test("each word has the likeliest label of its step; one that was cut off has none", () => {
  const outputs = Float32Array.from([0, 1, 0.25, 0.75, 1, 0, 0.5, 0.5]);
  const words = { words: ["one", "two", "three"], wordOfStep: Int32Array.of(-1, 1, 0, -1) };
  expect(labelWords(words, outputs, ["x", "y"])).toEqual([
    { token: "one", label: "x", probability: 1 },
    { token: "two", label: "y", probability: 0.75 },
    { token: "three", label: null, probability: null },
  ]);
});
