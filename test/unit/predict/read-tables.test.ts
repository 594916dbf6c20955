import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UnlabelledLayout } from "../../../src/data/csv/read-unlabelled";
import { restorePreprocessing } from "../../../src/data/preprocess/preprocessing";
import type { InputChunk } from "../../../src/predict/input-chunk";
import { readTables } from "../../../src/predict/read-tables";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-tables-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const preprocessing = restorePreprocessing({ kind: "vector", names: ["a", "b"], normalize: [] });

async function read(file: string, text: string, layout: Partial<UnlabelledLayout> = {}): Promise<InputChunk[]> {
  const path = join(folder, file);
  if (text !== "") writeFileSync(path, text);
  const columns = { features: ["a", "b"], label: "c" };
  const whole = { columns, header: true, format: undefined, fill: undefined, windowLength: undefined, ...layout };
  const chunks: InputChunk[] = [];
  for await (const chunk of readTables([{ input: path }], whole, preprocessing, { chunkSize: 2 })) chunks.push(chunk);
  return chunks;
}

const numbers = (chunks: InputChunk[]) => chunks.flatMap(({ inputs }) => [...(inputs?.data ?? [])]);
const problems = (chunks: InputChunk[]) => chunks.flatMap(({ items }) => items.map(({ problem }) => problem));

test("columns are found by name, in any order, and others are left alone", async () => {
  const chunks = await read("t.csv", "label,b,extra,a\nx,2,hi,1\ny,4,,3\nz,6,,5\n");
  expect(numbers(chunks)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(chunks.flatMap(({ items }) => items.map(({ name }) => name.row))).toEqual([1, 2, 3]);
});

test("tabs and JSON lines by the ending, which counts more than the config's format", async () => {
  expect(numbers(await read("t.tsv", "a\tb\n1\t2\n", { format: "csv" }))).toEqual([1, 2]);
  expect(numbers(await read("t.jsonl", '{"b":2,"a":1}\n'))).toEqual([1, 2]);
  expect(numbers(await read("t.data", "a\tb\n1\t2\n", { format: "tsv" }))).toEqual([1, 2]);
});

test("a row that lacks a value or holds a text is a problem of that row", async () => {
  const chunks = await read("t.csv", "a,b\n1,\n3,4\nx,6\n7,8\n");
  expect(numbers(chunks)).toEqual([3, 4, 7, 8]);
  expect(problems(chunks)).toEqual([
    expect.stringMatching(/^column "b".*missing/),
    undefined,
    expect.stringMatching(/^column "a": "x" is not a number/),
    undefined,
  ]);
});

test("a missing value is filled where training filled it", async () => {
  expect(numbers(await read("t.csv", "a,b\n1,\n", { fill: -1 }))).toEqual([1, -1]);
});

test.each([
  ["a column less", "t.csv", "a,c\n1,2\n", /no column "b"/],
  ["no file", "gone.csv", "", /no file/],
])("a table with %s is one problem", async (_what, file, text, message) => {
  const chunks = await read(file, text);
  expect(problems(chunks)).toEqual([expect.stringMatching(message)]);
});
