import fc from "fast-check";
import { restoreTokenizer } from "../../../src/data/text/tokenizer";
import { tokenizerRecordSchema } from "../../../src/data/text/tokenizer-record";
import { trainTokenizer } from "../../../src/data/text/train-tokenizer";
import { fuzzTest } from "../../helpers/fuzz";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom("a", "b", " ", "\n", "é", "e\u0301", "日", "🌱", "\ud800", "\0", "'", "<unknown>"),
  }),
);
const request = fc.record({
  unit: fc.constantFrom("word" as const, "character" as const, "subword" as const),
  vocabulary: fc.option(fc.integer({ min: 3, max: 40 }), { nil: undefined }),
  minFrequency: fc.integer({ min: 1, max: 3 }),
  lowercase: fc.option(fc.boolean(), { nil: undefined }),
  isTokenized: fc.boolean(),
  texts: fc.array(text, { maxLength: 6 }),
  other: text,
});

fuzzTest("any texts", request, { runs: 1500 }, ({ texts, other, isTokenized, ...options }) => {
  const config = { op: "tokenize" as const, ...options };
  const record = trainTokenizer(config, texts, { isTokenized: isTokenized && options.unit === "word" });
  expect(new Set(record.tokens).size).toBe(record.tokens.length);
  const stored = tokenizerRecordSchema.parse(JSON.parse(JSON.stringify(record)));
  const tokenizer = restoreTokenizer(stored);
  const trained = restoreTokenizer(record);
  for (const each of [...texts, other]) {
    const ids = tokenizer.encode(each);
    expect(ids.every((id) => id >= 1 && id < tokenizer.size)).toBe(true);
    expect([...trained.encode(each)]).toEqual([...ids]);
    // What a model gives back is text that the tokenizer reads the same, where nothing was unknown.
    const decoded = tokenizer.decode(ids);
    if (!ids.includes(1)) expect([...tokenizer.encode(decoded)]).toEqual([...ids]);
  }
});
