import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { restorePreprocessing } from "../../../src/data/preprocess/preprocessing";
import type { FoundInput } from "../../../src/predict/expand-inputs";
import { readPrompts } from "../../../src/predict/read-prompts";
import { readTexts } from "../../../src/predict/read-texts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-texts-"));
  writeFileSync(join(folder, "lines.txt"), "b a\r\na\n");
  writeFileSync(join(folder, "latin1.txt"), Buffer.from([0x61, 0xe4]));
  writeFileSync(join(folder, "nul.txt"), "a\0b");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tokens = ["<padding>", "<unknown>", "a", "b"];
const preprocessing = restorePreprocessing({
  kind: "text",
  tokenizer: { unit: "word", lowercase: true, isTokenized: false, tokens, merges: [] },
  truncate: null,
  pad: { length: 3, side: "end" },
  length: 3,
});
const file = (name: string): FoundInput => ({ input: join(folder, name) });

async function read(inputs: FoundInput[]) {
  const chunks = [];
  const options = { chunkSize: 2, isTokenized: false };
  for await (const chunk of readTexts(inputs, preprocessing, options)) chunks.push(chunk);
  return {
    ids: chunks.flatMap(({ inputs }) => [...(inputs?.data ?? [])]),
    shapes: chunks.map(({ inputs }) => inputs?.shape),
    problems: chunks.flatMap(({ items }) => items.map(({ problem }) => problem)),
  };
}

test("texts and whole files, in chunks; an empty text and unknown words are unknown tokens", async () => {
  const given = ["B", "", "zzz a \u{1f600}"].map((text) => ({ input: text, text }));
  const { ids, shapes, problems } = await read([...given, file("lines.txt"), file("nul.txt")]);
  expect(ids).toEqual([3, 0, 0, 1, 0, 0, 1, 2, 1, 3, 2, 2, 2, 1, 3]);
  expect(shapes).toEqual([
    [2, 3],
    [2, 3],
    [1, 3],
  ]);
  expect(problems.every((problem) => problem === undefined)).toBe(true);
});

test("what can't be read or is too long is a problem of its own; the rest of its chunk is read", async () => {
  const { ids, problems } = await read([
    file("latin1.txt"),
    { input: "a", text: "a" },
    { input: "a b a b", text: "a b a b" },
    { input: "gone.txt", problem: "There is no such file or folder" },
  ]);
  expect(ids).toEqual([2, 0, 0]);
  expect(problems).toEqual([
    expect.stringMatching(/^.*not UTF-8: byte 1/),
    undefined,
    expect.stringMatching(/^the input has 4 tokens/),
    "There is no such file or folder",
  ]);
});

test("prompts: texts, whole files without the line break at their end, and JSON lines", async () => {
  const inputs: FoundInput[] = [
    { input: "To be", text: "To be" },
    file("lines.txt"),
    { input: "-", jsonLines: '{"prompt":"A\\n"}\n\n{"text":"B"}\nno\n' },
  ];
  const found = [];
  for await (const prompt of readPrompts(inputs, new AbortController().signal)) found.push(prompt);
  expect(found).toEqual([
    { input: "To be", text: "To be" },
    { input: join(folder, "lines.txt"), text: "b a\na" },
    { input: "A\n", text: "A\n" },
    { input: "- line 3", problem: expect.stringContaining('"prompt"') },
    { input: "- line 4", problem: expect.stringContaining('"prompt"') },
  ]);
});
