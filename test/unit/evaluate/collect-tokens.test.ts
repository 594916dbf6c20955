import type { ExampleSet } from "../../../src/data/example-set";
import { restoreTokenizer } from "../../../src/data/text/tokenizer";
import { TokenCollector } from "../../../src/evaluate/collect-tokens";

const tokenizer = restoreTokenizer({
  unit: "character",
  lowercase: false,
  tokens: ["<padding>", "<unknown>", "a", "b", "c"],
} as Parameters<typeof restoreTokenizer>[0]);
const inputs = {
  kind: "tokens" as const,
  count: 2,
  length: 4,
  tokens: Int32Array.of(2, 3, 4, 2, 3, 4, 3, 2),
  starts: Int32Array.of(0, 3),
};
const set = { inputs, origin: (index: number) => `window ${index}` } as ExampleSet;

test("bits, accuracy, by what was read, and what was least expected, by hand", () => {
  const collector = new TokenCollector(set, tokenizer, { count: 2, seed: 1 });
  const nats = [1, 2, 3, 4, 9, 9, 5, 6];
  const hits = [1, 0, 0, 1, 0, 0, 0, 0];
  // The second window's first two targets were predicted by the first one.
  collector.add(
    Int32Array.of(0, 1),
    [3, 4, 2, 3, -1, -1, 3, 2],
    Float32Array.from(nats.flatMap((value, index) => [value, hits[index] ?? 0])),
  );
  const { details, confidence } = collector.results();
  if (details.kind !== "tokens") throw new Error(details.kind);
  expect(details.tokens).toBe(6);
  expect(details.bitsPerToken).toBeCloseTo(21 / 6 / Math.LN2, 12);
  expect(details.accuracy).toBeCloseTo(2 / 6, 12);
  expect(details.byContext).toEqual([
    { from: 1, to: 1, tokens: 1, natsPerToken: 1 },
    { from: 2, to: 3, tokens: 3, natsPerToken: (2 + 3 + 5) / 3 },
    { from: 4, to: 7, tokens: 2, natsPerToken: (4 + 6) / 2 },
  ]);
  expect(details.surprises[0]).toEqual({
    origin: "window 1, token 5",
    example: 1,
    before: "abcb",
    token: "a",
    probability: Math.exp(-6),
  });
  expect(confidence).toBeNull();
});
