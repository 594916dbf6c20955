import { openSource, sourceSchemas } from "../../../../src/data/source-config";
import { splitExamples } from "../../../../src/data/splits/split-examples";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

describe("text", () => {
  const folder = useTemporaryFolder();
  const open = (options: object) => {
    const data = { source: "text", window: { length: 4 }, ...options };
    return openSource(sourceSchemas.text.loose().parse(data), { baseFolder: folder.path });
  };

  it("is characters one after the other, and files apart", async () => {
    folder.write("a.txt", "a👍c\r\n");
    folder.write("b.txt", "xyz");
    const set = await open({ path: "a.txt", test: "b.txt" });
    const { inputs } = set;
    if (inputs.kind !== "corpus") throw new Error("no text");
    expect(set).toMatchObject({ count: 7, task: "languageModel", windows: { length: 4, horizon: 1, stride: 4 } });
    expect([inputs.text(0, 4), inputs.text(1, 2), inputs.text(3, 5)]).toEqual(["a👍c\n", "👍", "\nx"]);
    expect([0, 3, 4, 6].map((index) => [set.ownSplit(index), set.windows?.segment(index)])).toEqual([
      [undefined, 0],
      [undefined, 0],
      ["test", 1],
      ["test", 1],
    ]);
    expect(set.origin(5)).toBe("b.txt character 2");
  });

  it("is divided in its order", async () => {
    folder.write("a.txt", "abcdefghij");
    const { indices } = splitExamples(
      await open({ path: "a.txt" }),
      { validation: 0.2, test: 0.1 },
      {
        task: "languageModel",
        seed: 3,
      },
    );
    expect([[...indices.validation], [...indices.test]]).toEqual([[7, 8], [9]]);
  });

  it("that is empty or not there is an error", async () => {
    folder.write("a.txt", "\ufeff");
    await expect(open({ path: "a.txt" })).rejects.toThrow(/a.txt is empty/);
    await expect(open({ path: "b.txt" })).rejects.toThrow(/There is no file .*b.txt/);
  });
});
