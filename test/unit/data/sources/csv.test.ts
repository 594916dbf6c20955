import { openSource, sourceSchemas } from "../../../../src/data/source-config";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

const byLabel = { features: ["x", "y"], label: "kind" };

describe("csv", () => {
  const folder = useTemporaryFolder();
  const open = (content: string | Uint8Array, options: object = {}) => {
    folder.write("table.csv", content);
    const data = { source: "csv", path: "table.csv", columns: byLabel, ...options };
    return openSource(sourceSchemas.csv.extend({}).loose().parse(data), { baseFolder: folder.path });
  };

  it("reads features and labels", async () => {
    const set = await open("x,y,kind\n1,2.5,b\n-3e2,.5,a\n");
    expect(set.inputs).toEqual({
      kind: "vector",
      count: 2,
      names: ["x", "y"],
      values: Float32Array.of(1, 2.5, -300, 0.5),
    });
    expect(set.targets).toEqual({ kind: "class", labels: ["a", "b"], indices: Int32Array.of(1, 0) });
    expect(set.origin(1)).toBe("table.csv row 2");
    expect(set.warnings).toEqual([]);
  });

  it("reads a byte-order mark, CRLF, empty lines, quotes with newlines, commas and quotes in them", async () => {
    const set = await open('\ufeffx,"y",kind\r\n"1",2,"a ""b"",\r\nc"\r\n\r\n3,4,d\r\n');
    expect(set.targets).toMatchObject({ labels: ['a "b",\r\nc', "d"] });
    expect(set.inputs).toMatchObject({ values: Float32Array.of(1, 2, 3, 4) });
  });

  it("reads tab and JSON lines by format", async () => {
    const expected = { values: Float32Array.of(1, 2, 3, 4) };
    const tabs = await open("x\ty\tkind\n1\t2\ta\n3\t4\tb\n", { format: "tsv" });
    expect(tabs.inputs).toMatchObject(expected);
    const lines = await open('\ufeff{"x":1,"y":2,"kind":"a"}\r\n\n{"kind":"b","y":4,"x":3}', { format: "jsonl" });
    expect(lines.inputs).toMatchObject(expected);
    expect(lines.targets).toMatchObject({ labels: ["a", "b"] });
  });

  it.each([
    ["table.tsv", "x\ty\tkind\n1\t2\ta\n1\t2\tb\n"],
    ["table.NDJSON", '{"x":1,"y":2,"kind":1}\n{"x":1,"y":2,"kind":2}\n'],
  ])("knows %s by its ending", async (path, content) => {
    folder.write(path, content);
    expect((await open("", { path })).count).toBe(2);
  });

  it("numbers the columns where there is no header", async () => {
    const set = await open("1,2,9\n3,4,10\n", { header: false, columns: { features: ["0..1"], label: "2" } });
    expect(set.inputs).toMatchObject({ names: ["0", "1"], values: Float32Array.of(1, 2, 3, 4) });
    expect(set.targets).toMatchObject({ labels: ["9", "10"] });
    expect(set.origin(0)).toBe("table.csv row 1");
  });

  it("expands ranges by number, by position, and keeps a column that is named like one", async () => {
    const numbered = await open("c10,c9,c8,kind\n1,2,3,a\n4,5,6,b\n", {
      columns: { features: ["c8..c10"], label: "kind" },
    });
    expect(numbered.inputs).toMatchObject({ names: ["c8", "c9", "c10"], values: Float32Array.of(3, 2, 1, 6, 5, 4) });
    const placed = await open("x,m,y,kind\n1,2,3,a\n4,5,6,b\n", { columns: { features: ["x..y"], label: "kind" } });
    expect(placed.inputs).toMatchObject({ names: ["x", "m", "y"] });
    const literal = await open("a..b,kind\n1,a\n2,b\n", { columns: { features: ["a..b"], label: "kind" } });
    expect(literal.inputs).toMatchObject({ names: ["a..b"] });
  });

  it("reads several targets, true and false as 1 and 0", async () => {
    const set = await open("x,p,q\ntrue,1,2\nFalse,3,4\n", { columns: { features: ["x"], target: ["p", "q"] } });
    expect(set.targets).toEqual({ kind: "values", names: ["p", "q"], values: Float32Array.of(1, 2, 3, 4) });
    expect(set.inputs).toMatchObject({ values: Float32Array.of(1, 0) });
  });

  it("reads an image column relative to the table", async () => {
    const image = folder.write("pictures/a.png", "");
    folder.write("lists/table.csv", "file,kind\n../pictures/a.png,a\n../pictures/a.png,b\n");
    const columns = { image: "file", label: "kind" };
    const set = await open("", { path: "lists/table.csv", columns });
    if (set.inputs.kind !== "image") throw new Error("not images");
    expect(set.inputs.image(1)).toEqual({ path: image });
    folder.write("lists/bad.csv", "file,kind\n../pictures/a.png,a\n../pictures/b.png,b\n");
    await expect(open("", { path: "lists/bad.csv", columns })).rejects.toThrow(
      /bad.csv row 2: there is no image file .*b\.png/,
    );
  });

  it("puts the rows of files of their own into their splits; columns may be in another order", async () => {
    folder.write("test.csv", "kind,y,x\nb,2,1\n");
    const set = await open("x,y,kind\n3,4,a\n", { test: "test.csv" });
    expect([set.ownSplit(0), set.ownSplit(1)]).toEqual([undefined, "test"]);
    expect(set.inputs).toMatchObject({ values: Float32Array.of(3, 4, 1, 2) });
    expect(set.origin(1)).toBe("test.csv row 1");
  });

  it("takes the group from the column that split.by names", async () => {
    const set = await open("x,y,kind,who\n1,2,a,p\n1,2,b,q\n", { split: { by: "who" } });
    expect(set.group?.(1)).toBe("q");
    expect((await open("x,y,kind\n1,2,a\n1,2,b\n")).group).toBeUndefined();
  });

  describe("missing values", () => {
    const content = "x,y,kind\n1,,a\n1,2,b\n3,NA,b\n5,6,c\n7,8,NA\n";

    it("are an error that names row and column", async () => {
      await expect(open(content)).rejects.toThrow(/table.csv row 1 \(line 2\), column "y": the value is missing/);
      await expect(open("x,y,kind\n1,2,NA\n")).rejects.toThrow(/column "kind": the value is missing \("NA"\)/);
      await expect(open(content)).rejects.toMatchObject({ hint: expect.stringContaining('"missing": "drop"') });
    });

    it("can be dropped, with a warning, and rows keep their numbers", async () => {
      const set = await open(content, { missing: "drop" });
      expect(set.count).toBe(2);
      expect([set.origin(0), set.origin(1)]).toEqual(["table.csv row 2", "table.csv row 4"]);
      expect(set.warnings[0]).toMatch(/^3 rows of .* lack a value and were left out$/);
    });

    it("can be filled in features, never in labels", async () => {
      const set = await open("x,y,kind\n1,,a\n1,2,b\n", { missing: -1 });
      expect(set.inputs).toMatchObject({ values: Float32Array.of(1, -1, 1, 2) });
      await expect(open(content, { missing: 0 })).rejects.toThrow(/row 5 .*column "kind"/);
    });

    it("leave a class alone that is stated as a label", async () => {
      const set = await open("x,y,kind\n1,2,NA\n1,2,b\n", { labels: ["b", "NA"] });
      expect(set.targets).toMatchObject({ indices: Int32Array.of(1, 0) });
    });

    it("leave nothing where every row lacks one", async () => {
      await expect(open("x,y,kind\n,1,a\n", { missing: "drop" })).rejects.toThrow(
        /no rows that can be used: all 1 lack a value/,
      );
    });
  });

  it.each<[string, string, object, RegExp]>([
    ["an empty file", "", {}, /table.csv is empty/],
    ["only a header", "x,y,kind\n", {}, /has no rows that can be used/],
    ["text in a feature", "x,y,kind\n1,tall,a\n", {}, /row 1 \(line 2\), column "y": "tall" is not a number/],
    ["infinity", "x,y,kind\n1,1e39,a\n", {}, /"1e39" is not a number that float32 holds/],
    ["hexadecimal", "x,y,kind\n1,0x10,a\n", {}, /"0x10" is not a number/],
    ["a decimal comma", 'x,y,kind\n1,"2,5",a\n', {}, /"2,5" is not a number/],
    ["a short row", "x,y,kind\n1,2,a\n1,2\n", {}, /expect 3, got 2 on line 3/],
    ["an open quote", 'x,y,kind\n1,2,"a\n', {}, /Quote Not Closed/],
    ["a column twice", "x,x,kind\n1,2,a\n", {}, /names the column "x" twice/],
    ["a column without role", "x,y,kind,id,date\n1,2,a,1,2\n", {}, /columns that nothing names: id, date/],
    ["a name the table lacks", "x,z,kind\n1,2,a\n", {}, /has no column "y"/],
    ["two roles", "x,y\n1,2\n", { columns: { features: ["x", "y"], label: "y" } }, /"y" has two roles/],
    ["a role that is ignored", "x,y,kind\n1,2,a\n", { ignore: ["y"] }, /"y" has a role and is ignored/],
    ["a range backwards", "x,y,kind\n1,2,a\n", { columns: { features: ["x3..x1"], label: "kind" } }, /runs backwards/],
    ["one class", "x,y,kind\n1,2,a\n", {}, /only one class, "a" \(column "kind"\)/],
    [
      "a label that is not stated",
      "x,y,kind\n1,2,a\n1,2,z\n",
      { labels: ["a", "b"] },
      /table.csv row 2: the label "z"/,
    ],
    ["UTF-16", Buffer.from("x,y,kind\n", "utf16le").toString("latin1"), {}, /not a text file in UTF-8/],
    ["JSON lines with a list", '{"x":[1],"y":2,"kind":"a"}', { format: "jsonl" }, /line 1, "x" is a list/],
    ["a line that is not JSON", '{"x":1,"y":2,"kind":"a"}\n{"x"', { format: "jsonl" }, /line 2 is not JSON/],
    ["a line that is a list", "[1,2]", { format: "jsonl" }, /line 1 is not an object/],
    ["a new key", '{"x":1,"y":2,"kind":"a"}\n{"w":1}', { format: "jsonl" }, /line 2: the key "w" is not in the first/],
    ["a missing table", "", { path: "none.csv" }, /There is no file .*none\.csv/],
  ])("refuses %s", async (_, content, options, message) => {
    await expect(open(content, options)).rejects.toThrow(message);
    await expect(open(content, options)).rejects.toMatchObject({ exitCode: 4 });
  });

  it("suggests the nearest column, and semicolons where they are", async () => {
    await expect(open("x,y,kinds\n1,2,a\n")).rejects.toMatchObject({ hint: 'Did you mean "kinds"?' });
    await expect(open("x;y;kind\n1;2;a\n")).rejects.toMatchObject({ hint: expect.stringContaining("semicolons") });
  });

  it.each<[string, object]>([
    ["image and features", { image: "a", features: ["b"], label: "c" }],
    ["no input", { label: "c" }],
    ["label and target", { features: ["b"], label: "c", target: ["d"] }],
    ["nothing to predict", { features: ["b"] }],
    ["a role that is not known", { words: "b", label: "c" }],
  ])("has a schema that refuses columns with %s", (_, columns) => {
    expect(sourceSchemas.csv.safeParse({ source: "csv", path: "a.csv", columns }).success).toBe(false);
  });
});
