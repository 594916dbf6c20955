import { openSource, sourceSchemas } from "../../../../src/data/source-config";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

const folder = useTemporaryFolder();
const open = (content: string | Uint8Array, columns: object, options: object = {}) => {
  folder.write("table.csv", content);
  const data = { source: "csv", path: "table.csv", columns, ...options };
  return openSource(sourceSchemas.csv.loose().parse(data), { baseFolder: folder.path });
};

describe("texts", () => {
  const columns = { text: "t", label: "l" };

  it("are read as they stand", async () => {
    const { inputs, targets } = await open('t,l\n"a, ""b""\nc",x\nNA,y\nnull,x\n', columns);
    if (inputs.kind !== "text") throw new Error("no texts");
    expect([0, 1, 2].map((index) => inputs.text(index))).toEqual(['a, "b"\nc', "NA", "null"]);
    expect(targets).toMatchObject({ labels: ["x", "y"], indices: Int32Array.of(0, 1, 0) });
  });

  it("that are empty are missing, unless a number may stand in", async () => {
    const table = "t,l\na,x\n ,y\n";
    await expect(open(table, columns)).rejects.toThrow('row 2 (line 3), column "t": the value is missing');
    expect((await open(`${table}b,y\n`, columns, { missing: "drop" })).count).toBe(2);
    expect((await open(table, columns, { missing: 0 })).count).toBe(2);
  });

  it("with bytes that are not UTF-8 are read with U+FFFD in their place, and a warning", async () => {
    const table = Buffer.concat([Buffer.from("t,l\na"), Buffer.of(0xe9), Buffer.from("b,x\nc,y\n")]);
    const { inputs, warnings } = await open(table, columns);
    expect(inputs.kind === "text" && inputs.text(0)).toBe("a\uFFFDb");
    expect(warnings).toEqual([expect.stringMatching(/^1 text of .* hold U\+FFFD/)]);
  });

  it("may have numbers to predict", async () => {
    expect((await open("t,n\na,1.5\nb,2\n", { text: "t", target: ["n"] })).targets).toMatchObject({
      kind: "values",
      values: Float32Array.of(1.5, 2),
    });
  });
});

describe("words with tags", () => {
  const columns = { tokens: "w", tags: "g" };

  it("are a class for each word", async () => {
    const set = await open("w,g\nThe  cat sat,D N V\nGo,V\n", columns);
    const { targets } = set;
    expect(set).toMatchObject({ task: "tokens", inputs: { kind: "text", isTokenized: true } });
    if (targets.kind !== "sequence") throw new Error("no tags");
    expect(targets).toMatchObject({ labels: ["D", "N", "V"], length: null });
    expect([0, 1].map((index) => [...targets.steps(index)])).toEqual([[0, 1, 2], [2]]);
  });

  it("need as many tags as words, of the classes that are stated", async () => {
    await expect(open("w,g\na b,X Y\na b,X\n", columns)).rejects.toThrow("table.csv row 2 has 2 words and 1 tags");
    await expect(open("w,g\na b,X Y\na,Z\n", columns, { labels: ["X", "Y"] })).rejects.toThrow(
      'table.csv row 2: the label "Z"',
    );
  });
});

describe("columns that are steps", () => {
  it("are a series of one channel for each row", async () => {
    const { inputs } = await open("l,t0,t1,t2\na,1,2,3\nb,4,5,6\n", {
      features: ["t0..t2"],
      layout: "steps",
      label: "l",
    });
    expect(inputs).toEqual({
      kind: "series",
      count: 2,
      names: ["value"],
      lengths: Int32Array.of(3, 3),
      offsets: Int32Array.of(0, 3),
      values: Float32Array.of(1, 2, 3, 4, 5, 6),
    });
  });
});

describe("rows that are steps", () => {
  const columns = { sequence: "s", step: "n", features: ["a", "b"], label: "l" };

  it("are gathered by their sequence, in the order of their steps", async () => {
    const table = "s,n,a,b,l\nq,1,1,2,y\np,10,3,4,x\nq,0,5,6,y\np,9,7,8,x\np,11,9,0,x\n";
    const set = await open(table, columns);
    expect(set.inputs).toEqual({
      kind: "series",
      count: 2,
      names: ["a", "b"],
      lengths: Int32Array.of(2, 3),
      offsets: Int32Array.of(0, 2),
      values: Float32Array.of(5, 6, 1, 2, 7, 8, 3, 4, 9, 0),
    });
    expect(set.targets).toMatchObject({ labels: ["x", "y"], indices: Int32Array.of(1, 0) });
    expect(set.origin(1)).toBe("table.csv sequence p");
  });

  it("keep the file's order without a step, are told apart by file, and carry groups and targets", async () => {
    folder.write("test.csv", "s,a,v,g\np,9,4,1\n");
    const set = await open(
      "s,a,v,g\nq,1,2,7\np,3,5,7\nq,2,2,7\n",
      { sequence: "s", features: ["a"], target: ["v"] },
      { test: "test.csv", split: { by: "g" } },
    );
    expect(set.inputs).toMatchObject({ lengths: Int32Array.of(2, 1, 1), values: Float32Array.of(1, 2, 3, 9) });
    expect(set.targets).toMatchObject({ values: Float32Array.of(2, 5, 4) });
    expect([0, 1, 2].map((index) => [set.ownSplit(index), set.group?.(index)])).toEqual([
      [undefined, "7"],
      [undefined, "7"],
      ["test", "1"],
    ]);
  });

  it.each([
    ["step twice", "q,1,1,2,y\nq,1,1,2,y\n", /rows 1 and 2 are both step 1 of the sequence "q"/],
    ["other label", "q,1,1,2,y\nq,2,1,2,x\n", /rows 1 and 2 differ in their label/],
    ["missing value", "q,1,1,2,y\nq,2,,2,y\n", /row 2 \(line 3\), column "a": the value is missing/],
    ["missing sequence", "q,1,1,2,y\n,2,1,2,y\n", /row 2 \(line 3\), column "s": the value is missing/],
  ])("with a %s are an error that names the rows", async (_, rows, message) => {
    await expect(open(`s,n,a,b,l\n${rows}`, columns)).rejects.toThrow(message);
  });
});

describe("rows that follow on one another", () => {
  const columns = { features: ["a", "b"], target: ["b"] };

  it("are still to be cut into windows, not across rows that were left out or files", async () => {
    folder.write("test.csv", "a,b\n9,9\n");
    const set = await open("a,b\n1,2\n3,4\n,5\n6,7\n", columns, {
      window: { length: 2, horizon: 3, relativeTo: "last" },
      missing: "drop",
      test: "test.csv",
    });
    expect(set).toMatchObject({
      task: "forecasting",
      windows: { length: 2, horizon: 3, stride: 1, relativeTo: "last" },
    });
    expect(set.inputs).toMatchObject({ kind: "vector", names: ["a", "b"] });
    expect(set.targets).toMatchObject({ kind: "values", names: ["b"], values: Float32Array.of(2, 4, 7, 9) });
    expect([0, 1, 2, 3].map((index) => set.windows?.segment(index))).toEqual([0, 0, 1, 2]);
  });
});

it.each([
  [{ text: "a" }, /what is to be predicted/],
  [{ text: "a", features: ["b"], label: "c" }, /needs one input/],
  [{ tokens: "a", label: "c" }, /a tag for each word/],
  [{ text: "a", tags: "c" }, /a tag for each word/],
  [{ text: "a", layout: "steps", label: "c" }, /how "features" are laid out/],
  [{ text: "a", sequence: "b", label: "c" }, /needs "features"/],
  [{ features: ["a"], step: "b", label: "c" }, /orders the rows of a "sequence"/],
])("refuses the columns %j", (columns, message) => {
  const { error } = sourceSchemas.csv.safeParse({ source: "csv", path: "a.csv", columns });
  expect(error?.issues.map((issue) => issue.message).join("\n")).toMatch(message);
});
