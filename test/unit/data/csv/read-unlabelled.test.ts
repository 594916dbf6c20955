import { columnsSchema } from "../../../../src/data/csv/column-roles";
import { readUnlabelled, type UnlabelledChunk } from "../../../../src/data/csv/read-unlabelled";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

const folder = useTemporaryFolder();

async function read(
  content: string,
  columns: object,
  options: { windowLength?: number; fill?: number; chunkSize?: number } = {},
) {
  const path = folder.write("new.csv", content);
  const chunks: UnlabelledChunk[] = [];
  const layout = {
    columns: columnsSchema.parse(columns),
    header: true,
    format: undefined,
    fill: options.fill,
    windowLength: options.windowLength,
  };
  for await (const chunk of readUnlabelled(path, layout, { chunkSize: options.chunkSize ?? 10 })) chunks.push(chunk);
  return chunks;
}

it("gives rows chunk by chunk, without what is predicted, problems in their place", async () => {
  const chunks = await read("b,a\n2,1\nx,1\n4,3\n6,5\n", { features: ["a", "b"], label: "l" }, { chunkSize: 3 });
  expect(chunks.map(({ items }) => items)).toEqual([
    [{ row: 1 }, { row: 2, problem: expect.stringMatching(/^column "b": "x" is not a number/) }, { row: 3 }],
    [{ row: 4 }],
  ]);
  expect(chunks[0]?.inputs).toMatchObject({ names: ["a", "b"], values: Float32Array.of(1, 2, 3, 4) });
});

it("reads texts, empty ones too", async () => {
  const [chunk] = await read("id,t\n1,hello\n2,\n", { text: "t", label: "l" });
  if (chunk?.inputs?.kind !== "text") throw new Error("no texts");
  expect([chunk.inputs.text(0), chunk.inputs.text(1)]).toEqual(["hello", ""]);
});

it("gathers sequences; one with a bad row is left out whole", async () => {
  const [chunk] = await read("s,n,a\np,2,1\nq,1,2\np,1,3\nq,2,oops\nr,1,4\n", {
    sequence: "s",
    step: "n",
    features: ["a"],
    label: "l",
  });
  expect(chunk?.items).toEqual([
    { row: 1, sequence: "p" },
    { row: 2, sequence: "q", problem: expect.stringMatching(/^row 4, column "a"/) },
    { row: 5, sequence: "r" },
  ]);
  expect(chunk?.inputs).toMatchObject({ lengths: Int32Array.of(2, 1), values: Float32Array.of(3, 1, 4) });
});

it("takes the last window to forecast from", async () => {
  const columns = { features: ["a"], target: ["b"] };
  const [chunk] = await read("a\n1\n2\n3\n", columns, { windowLength: 2 });
  expect(chunk).toEqual({
    items: [{ row: 2 }],
    inputs: {
      kind: "window",
      count: 1,
      names: ["a"],
      length: 2,
      values: Float32Array.of(1, 2, 3),
      starts: Int32Array.of(1),
    },
  });
  const [short] = await read("a\n1\n", columns, { windowLength: 2 });
  expect(short?.items).toEqual([{ row: 1, problem: "the table has 1 rows, and the model sees 2" }]);
  const [bad] = await read("a\n1\n\n2\nNA\n3\n", columns, { windowLength: 2 });
  expect(bad?.items).toEqual([{ row: 3, problem: expect.stringMatching(/^row 3, column "a": the value is missing/) }]);
});
