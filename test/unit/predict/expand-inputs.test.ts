import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expandInputs, type TakenInputs } from "../../../src/predict/expand-inputs";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-expand-"));
  const files = [
    "b.png",
    "a.JPG",
    "notes.txt",
    ".hidden.png",
    "deep/er/c.WebP",
    "deep/d.gif",
    "odd[1].png",
    "line\nbreak.png",
  ];
  for (const file of files) {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), "");
  }
  mkdirSync(join(folder, "empty"));
  symlinkSync(folder, join(folder, "deep", "circle"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const noList = () => Promise.reject(new Error("standard input was not asked for"));
const expand = (given: string[], { list = undefined as string | undefined, takes = "images" as TakenInputs } = {}) =>
  expandInputs(given, { takes, readList: list === undefined ? noList : async () => list });

test("files are taken as they are written, whatever their ending, in the order given", async () => {
  const given = [`${folder}/./b.png`, join(folder, "notes.txt"), join(folder, "b.png")];
  expect((await expand(given)).inputs).toEqual(given.map((input) => ({ input })));
});

test("folders are read recursively: images of any case, circles and hidden files left out, others counted", async () => {
  const { inputs, skipped } = await expand([folder]);
  const names = inputs.map(({ input }) => relative(folder, input));
  expect(names.sort()).toEqual(["a.JPG", "b.png", "deep/d.gif", "deep/er/c.WebP", "line\nbreak.png", "odd[1].png"]);
  expect(skipped.join("\n")).toMatch(/1 file of other types was skipped \(\.txt\)/);
});

test("a glob is for what does not exist by that name", async () => {
  expect((await expand([join(folder, "odd[1].png")])).inputs).toEqual([{ input: join(folder, "odd[1].png") }]);
  const { inputs, skipped } = await expand([join(folder, "[ab].*"), join(folder, "n*")]);
  expect(inputs).toEqual([
    { input: join(folder, "a.JPG") },
    { input: join(folder, "b.png") },
    { input: join(folder, "n*"), problem: "No file matches it" },
  ]);
  expect(skipped).toHaveLength(1);
});

test("what is not there is a problem of that input, and no failure", async () => {
  const { inputs } = await expand(["no/such.png", join(folder, "empty"), join(folder, "b.png", "x.png")]);
  expect(inputs.map(({ problem }) => problem)).toEqual([
    "There is no such file or folder",
    "The folder holds no images",
    "There is no such file or folder",
  ]);
});

test.each([
  ["lines", "b.png\r\na.JPG\n\n", ["b.png", "a.JPG"]],
  ["names with NUL between them", "line\nbreak.png\0b.png\0", ["line\nbreak.png", "b.png"]],
])("- takes %s from standard input", async (_what, list, expected) => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { inputs } = await expand(["a.JPG", "-"], { list });
    expect(inputs).toEqual(["a.JPG", ...expected].map((input) => ({ input })));
  } finally {
    process.chdir(before);
  }
});

test("an empty list is an error that says how to give one", async () => {
  await expect(expand(["-"], { list: "\n" })).rejects.toThrow("The list on standard input is empty");
});

test("a model of tables takes no folder", async () => {
  const { inputs } = await expand([folder], { takes: "tables" });
  expect(inputs[0]?.problem).toContain("takes tables");
});

test("JSON lines on standard input are rows, where the model takes tables or texts", async () => {
  const list = '{"a":1}\n{"a":2}\n';
  const rows = [{ input: "-", jsonLines: list }];
  expect((await expand(["-"], { list, takes: "tables" })).inputs).toEqual(rows);
  expect((await expand(["-"], { list, takes: "texts" })).inputs).toEqual(rows);
});

test("other lines on standard input are texts, where the model takes texts, blank ones too", async () => {
  const { inputs } = await expand(["-"], { list: "b.png\n\nlast", takes: "texts" });
  expect(inputs).toEqual(["b.png", "", "last"].map((text) => ({ input: text, text })));
});
