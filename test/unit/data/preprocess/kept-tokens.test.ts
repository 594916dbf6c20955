import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tokenFolder } from "../../../../src/data/cache/tokens/token-store";
import { findKeptLists, trainKeptTokenizer } from "../../../../src/data/preprocess/kept-tokens";
import { tokenizeSchema } from "../../../../src/data/text/tokenize-config";
import { restoreTokenizer } from "../../../../src/data/text/tokenizer";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

const folder = useTemporaryFolder();
// Tests keep nothing in the user's cache (test/helpers/global-setup.js); these do, in one of their own.
const before = { ...process.env };
beforeEach(() => {
  process.env.XDG_CACHE_HOME = folder.path;
  delete process.env.DLCTL_CACHE_LIMIT;
});
afterEach(() => {
  process.env = { ...before };
});

const config = tokenizeSchema.parse({ op: "tokenize", unit: "subword", vocabulary: 200 });
/** Over half a million characters of two hundred words. */
const many = Array.from({ length: 2000 }, (_, text) =>
  Array.from({ length: 50 }, (_, word) => `word${(text * word * word + 7 * word) % 200}`).join(" "),
);
const of = (texts: readonly string[]) => ({ texts: () => texts, cache: "auto" as const });
const files = () => readdirSync(tokenFolder()).sort();

function tokenize(texts: readonly string[]) {
  const record = trainKeptTokenizer(config, of(texts));
  const { encode } = restoreTokenizer(record);
  const kept = findKeptLists(record, { kind: "text", ...of(texts) });
  const lists = kept.lists ?? texts.map(encode);
  if (!kept.lists) kept.keep(lists);
  return { record, lists, isKept: kept.lists !== undefined };
}

test("a second run takes tokenizer and tokens from the cache, the same to the last id", () => {
  const first = tokenize(many);
  expect(first.isKept).toBe(false);
  const second = tokenize(many);
  expect(second.isKept).toBe(true);
  expect(second.record).toEqual(first.record);
  expect(second.lists).toEqual(first.lists);
  // To be looked up the texts are read once; to be tokenized, once more.
  const texts = jest.fn(() => many);
  trainKeptTokenizer(config, { texts, cache: "auto" });
  expect(texts).toHaveBeenCalledTimes(1);
  expect(files().map((name) => name.replace(/^[0-9a-f]{32}/, ""))).toEqual([".tokenizer", ".tokens"].sort());
});

test("other texts, other options, another order are tokenized anew", () => {
  const { record } = tokenize(many);
  const isKept = (texts: readonly string[], of_ = record) =>
    findKeptLists(of_, { kind: "text", ...of(texts) }).lists !== undefined;
  expect(isKept(many)).toBe(true);
  expect(isKept([...many].reverse())).toBe(false);
  expect(isKept([`${many[0]}!`, ...many.slice(1)])).toBe(false);
  // The same characters, divided otherwise.
  expect(isKept([`${many[0]}${many[1]}`, "", ...many.slice(2)])).toBe(false);
  expect(isKept(many, { ...record, lowercase: !record.lowercase })).toBe(false);
  expect(findKeptLists(record, { kind: "corpus", ...of(many) }).lists).toBeUndefined();
});

test("what is cut off or damaged is made again, and replaced", () => {
  const first = tokenize(many);
  for (const damage of [(bytes: Buffer) => bytes.subarray(0, -5), (bytes: Buffer) => Buffer.alloc(0, bytes), flipped]) {
    for (const name of files()) {
      const path = join(tokenFolder(), name);
      writeFileSync(path, damage(readFileSync(path)));
    }
    const again = tokenize(many);
    expect({ isKept: again.isKept, record: again.record, lists: again.lists }).toEqual({ ...first, isKept: false });
    expect(tokenize(many).isKept).toBe(true);
  }
});

function flipped(bytes: Buffer): Buffer {
  bytes[20] = (bytes[20] as number) ^ 1;
  return bytes;
}

test("few texts, a cache for the run alone, and a limit of nothing keep nothing", () => {
  expect(tokenize(many.slice(0, 5)).isKept).toBe(false);
  for (const cache of ["none", "memory"] as const) {
    trainKeptTokenizer(config, { texts: () => many, cache });
  }
  process.env.DLCTL_CACHE_LIMIT = "0";
  tokenize(many);
  rmSync(tokenFolder(), { recursive: true, force: true });
  expect(() => files()).toThrow("ENOENT");
});

test("what was longest unused goes above the limit", () => {
  const first = tokenize(many);
  const size = files().reduce((sum, name) => sum + readFileSync(join(tokenFolder(), name)).length, 0);
  // A tenth of it is for tokens: as much as one set of texts takes, and a little more.
  process.env.DLCTL_CACHE_LIMIT = String(Math.ceil(size * 12));
  tokenize(many.map((text) => text.toUpperCase()));
  expect(findKeptLists(first.record, { kind: "text", ...of(many) }).lists).toBeUndefined();
  expect(tokenize(many.map((text) => text.toUpperCase())).isKept).toBe(true);
});
