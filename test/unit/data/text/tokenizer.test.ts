import fc from "fast-check";
import { tokenizeSchema } from "../../../../src/data/text/tokenize-config";
import { restoreTokenizer } from "../../../../src/data/text/tokenizer";
import { tokenizerRecordSchema } from "../../../../src/data/text/tokenizer-record";
import { trainTokenizer } from "../../../../src/data/text/train-tokenizer";

const train = (options: object, texts: readonly string[], isTokenized = false) =>
  trainTokenizer(tokenizeSchema.parse({ op: "tokenize", ...options }), texts, { isTokenized });
const make = (options: object, texts: readonly string[]) => restoreTokenizer(train(options, texts));
/** Any string that JavaScript can hold: lone surrogates, NUL, emoji, combining marks. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("\ud83d", "\udc69", "\0", "e\u0301", "👩‍👩‍👧", " ", "\n"),
  ),
});
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, "\uFFFD").normalize("NFC");

describe("words", () => {
  it("are runs of letters and digits, signs by themselves, most frequent first", () => {
    const { tokens } = train({}, ["Don't stop, don't!", "stop 42 don't"]);
    expect(tokens).toEqual(["<padding>", "<unknown>", "don't", "stop", "!", ",", "42"]);
  });

  it("are limited by vocabulary and frequency, padding and unknown counted", () => {
    const texts = ["a a a b b c"];
    expect(train({ vocabulary: 4 }, texts).tokens).toEqual(["<padding>", "<unknown>", "a", "b"]);
    expect(train({ minFrequency: 3 }, texts).tokens).toEqual(["<padding>", "<unknown>", "a"]);
  });

  it("keep their case where it is said so", () => {
    expect(train({ lowercase: false }, ["A a"]).tokens.slice(2)).toEqual(["A", "a"]);
  });

  it("that are not known have one id, and nothing passes for a special token", () => {
    const tokenizer = make({}, ["one two"]);
    expect([...tokenizer.encode("two three one")]).toEqual([3, 1, 2]);
    expect([...tokenizer.encode("")]).toEqual([]);
    const tagged = restoreTokenizer(train({ lowercase: false }, ["a b"], true));
    expect([...tagged.encode("<padding> a <unknown>")]).toEqual([1, 2, 1]);
  });

  it("that have tags are what stands between white space", () => {
    expect(train({}, ["don't  stop,\tnow"], true).tokens.slice(2)).toEqual(["don't", "now", "stop,"]);
  });
});

describe("characters", () => {
  it("are code points by code point", () => {
    const { tokens } = train({ unit: "character" }, ["ba👍\0"]);
    expect(tokens).toEqual(["<padding>", "<unknown>", "\0", "a", "b", "👍"]);
  });
});

describe("byte pairs", () => {
  it("merge the most frequent neighbours first, as in the example of Sennrich et al.", () => {
    const texts = [
      ...Array<string>(5).fill("low"),
      ...Array<string>(2).fill("lower"),
      ...Array<string>(6).fill("newest"),
      ...Array<string>(3).fill("widest"),
    ];
    const { tokens, merges } = train({ unit: "subword", vocabulary: 2 + 10 + 4 }, texts);
    // es 9, then est 9, then lo 7, then low 7.
    expect(tokens.slice(-4)).toEqual(["es", "est", "lo", "low"]);
    expect(merges.map(([left, right]) => [tokens[left], tokens[right]])).toEqual([
      ["e", "s"],
      ["es", "t"],
      ["l", "o"],
      ["lo", "w"],
    ]);
    const tokenizer = restoreTokenizer({ ...train({ unit: "subword", vocabulary: 16 }, texts) });
    expect([...tokenizer.encode("lowest")].map((id) => tokenizer.tokens[id])).toEqual(["low", "est"]);
  });

  it("give what a plain reading of the algorithm gives", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", " "), maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 3, max: 20 }),
        (texts, vocabulary) => {
          const { tokens, merges } = train({ unit: "subword", vocabulary }, texts);
          expect({ tokens, merges }).toEqual(plainMerges(texts, vocabulary));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("do not cross from one word into the next", () => {
    const { tokens } = train({ unit: "subword", vocabulary: 100 }, ["ab ab ab ab"]);
    expect(tokens.filter((token) => /\S\s/.test(token))).toEqual([]);
    expect(tokens).toContain(" ab");
  });
});

/** Counts every pair anew for each merge. */
function plainMerges(texts: readonly string[], vocabulary: number) {
  const pieces = texts.flatMap((text) => text.match(/ ?[abc]+|\s+(?!\S)|\s+/g) ?? []);
  const counts = new Map<string, number>();
  for (const character of pieces.join("")) counts.set(character, (counts.get(character) ?? 0) + 1);
  const kept = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, vocabulary - 2);
  const tokens = ["<padding>", "<unknown>", ...kept.map(([token]) => token).sort()];
  const idOf = (token: string) => Math.max(1, tokens.indexOf(token));
  let words = pieces.map((piece) => [...piece].map(idOf));
  const merges: [number, number][] = [];
  while (tokens.length < vocabulary) {
    const pairs = new Map<string, number>();
    for (const ids of words)
      for (let i = 1; i < ids.length; i++)
        if (ids[i - 1] !== 1 && ids[i] !== 1)
          pairs.set(`${ids[i - 1]},${ids[i]}`, (pairs.get(`${ids[i - 1]},${ids[i]}`) ?? 0) + 1);
    const [best] = [...pairs]
      .map(([key, count]) => ({ pair: key.split(",").map(Number) as [number, number], count }))
      .sort((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1]);
    if (!best || best.count < 2) break;
    const [left, right] = best.pair;
    const merged = `${tokens[left]}${tokens[right]}`;
    if (!tokens.includes(merged)) tokens.push(merged);
    merges.push([left, right]);
    words = words.map((ids) => {
      const next: number[] = [];
      for (let i = 0; i < ids.length; i++) {
        const isPair = ids[i] === left && ids[i + 1] === right;
        next.push(isPair ? idOf(merged) : (ids[i] as number));
        if (isPair) i++;
      }
      return next;
    });
  }
  return { tokens, merges };
}

describe.each(["character", "subword"])("%s tokens", (unit) => {
  it("give back any text they were trained on, in form NFC", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokenizer = make({ unit, vocabulary: 10_000 }, [text]);
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(wellFormed(text));
      }),
    );
  });

  it("have U+FFFD for what they do not know, and never half a pair of surrogates", () => {
    fc.assert(
      fc.property(anyText, anyText, (known, text) => {
        const tokenizer = make({ unit }, [known]);
        const decoded = tokenizer.decode(tokenizer.encode(text));
        expect(decoded).not.toMatch(/\p{Surrogate}/u);
        expect([...decoded].length).toBe([...wellFormed(text)].length);
      }),
    );
  });
});

describe.each(["word", "character", "subword"])("a tokenizer of %ss", (unit) => {
  it("has ids within its vocabulary, none of padding, for any text", () => {
    fc.assert(
      fc.property(fc.array(anyText), anyText, fc.integer({ min: 3, max: 50 }), (texts, text, vocabulary) => {
        const tokenizer = make({ unit, vocabulary }, texts);
        expect(tokenizer.size).toBeLessThanOrEqual(vocabulary);
        for (const id of tokenizer.encode(text)) expect(id > 0 && id < tokenizer.size).toBe(true);
      }),
    );
  });

  it("is the same for the same texts, and after being written and read", () => {
    fc.assert(
      fc.property(fc.array(anyText), anyText, (texts, text) => {
        const record = train({ unit }, texts);
        expect(train({ unit }, texts)).toEqual(record);
        const read = tokenizerRecordSchema.parse(JSON.parse(JSON.stringify(record)));
        expect(restoreTokenizer(read).encode(text)).toEqual(restoreTokenizer(record).encode(text));
      }),
    );
  });
});

it("refuses a record with merges of tokens that are not there", () => {
  const record = train({ unit: "subword" }, ["aa aa"]);
  expect(tokenizerRecordSchema.safeParse({ ...record, merges: [[2, 999]] }).success).toBe(false);
});
