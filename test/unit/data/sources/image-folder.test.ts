import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { openSource } from "../../../../src/data/source-config";
import { DataError } from "../../../../src/shared/errors";
import { fileSystemPath, pathFromBytes } from "../../../../src/shared/path-bytes";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

describe("image-folder", () => {
  const folder = useTemporaryFolder();
  const open = (labels?: string[]) =>
    openSource({ source: "image-folder", path: ".", ...(labels ? { labels } : {}) } as { source: string }, {
      baseFolder: folder.path,
    });
  const add = (...names: string[]) => {
    for (const name of names) folder.write(name, "");
  };

  it("lists one folder per class, sorted, endings in any case, folders in them too", async () => {
    add("dog/2.JPG", "dog/10.jpeg", "Cat/b.Png", "Cat/deep/a.webp");
    const set = await open();
    const origins = Array.from({ length: set.count }, (_, index) => relative(folder.path, set.origin(index)));
    expect(origins).toEqual(["Cat/b.Png", "Cat/deep/a.webp", "dog/10.jpeg", "dog/2.JPG"].map((path) => join(path)));
    expect(set.targets).toEqual({ kind: "class", labels: ["Cat", "dog"], indices: Int32Array.of(0, 0, 1, 1) });
    expect(set.inputs).toMatchObject({ kind: "image", count: 4 });
    if (set.inputs.kind === "image") expect(set.inputs.image(3)).toEqual({ path: join(folder.path, "dog", "2.JPG") });
    expect(set.warnings).toEqual([]);
  });

  it("takes its order from labels", async () => {
    add("dog/1.jpg", "cat/1.jpg");
    expect((await open(["dog", "cat"])).targets).toMatchObject({
      labels: ["dog", "cat"],
      indices: Int32Array.of(1, 0),
    });
  });

  it("says which stated label has no folder", async () => {
    add("dog/1.jpg", "cat/1.jpg");
    expect((await open(["dog", "cow", "cat"])).warnings).toEqual(['no folder for the label "cow"']);
  });

  it("refuses a folder that is not a stated label", async () => {
    add("dog/1.jpg", "cat/1.jpg");
    await expect(open(["dog", "cats"])).rejects.toThrow(/cat is not one of the stated labels/);
  });

  it.each(["validation", "val"])(
    "finds train, %s and test folders; train is open to data.split",
    async (validation) => {
      add("train/a/1.png", "train/b/1.png", `${validation}/a/2.png`, "test/b/3.png");
      const set = await open();
      const splits = Array.from({ length: set.count }, (_, index) => set.ownSplit(index));
      expect(set.targets).toMatchObject({ labels: ["a", "b"] });
      expect(splits.filter((split) => split === undefined)).toHaveLength(2);
      expect(splits.filter((split) => split === "validation")).toHaveLength(1);
      expect(splits.filter((split) => split === "test")).toHaveLength(1);
    },
  );

  it("takes train for a class beside classes of other names", async () => {
    add("train/1.png", "bus/1.png", "test/1.png");
    expect((await open()).targets).toMatchObject({ labels: ["bus", "test", "train"] });
  });

  it("counts hidden, other and endlessly linked entries as skipped", async () => {
    add("a/1.png", "b/1.png", "a/notes.TXT", "a/README", "a/.DS_Store", "__MACOSX/a/._1.png");
    symlinkSync(join(folder.path, "a"), join(folder.path, "a", "again"));
    symlinkSync(join(folder.path, "nowhere"), join(folder.path, "b", "gone.png"));
    symlinkSync(join(folder.path, "a", "1.png"), join(folder.path, "b", "linked.png"));
    const set = await open();
    expect(set.count).toBe(3);
    expect(set.warnings).toEqual([
      "2 files of other types were skipped (.txt, without ending)",
      "2 hidden entries were skipped",
      "2 links that lead nowhere or in a circle were skipped",
    ]);
  });

  it("takes no circular link for a class, nor another class's images through one", async () => {
    add("a/1.png", "b/1.png");
    symlinkSync(".", join(folder.path, "self"));
    symlinkSync("..", join(folder.path, "up"));
    symlinkSync("..", join(folder.path, "a", "all"));
    const set = await open();
    expect(set.targets).toMatchObject({ labels: ["a", "b"], indices: Int32Array.of(0, 1) });
    expect(set.warnings).toEqual(["3 links that lead nowhere or in a circle were skipped"]);
  });

  it("takes names with line breaks and names that are not UTF-8, as labels too", async () => {
    add("a\nb/1\n.png", "b/1.png");
    const latin = Buffer.concat([Buffer.from(`${folder.path}/caf`), Buffer.of(0xe9)]);
    mkdirSync(latin);
    writeFileSync(Buffer.concat([latin, Buffer.from("/\xff.png", "latin1")]), "");
    const set = await open();
    expect(set.targets).toMatchObject({ labels: ["a\nb", "b", "caf\udce9"] });
    expect(set.origin(0)).toBe(join(folder.path, "a\nb", "1\n.png"));
    expect(fileSystemPath(set.origin(2))).toEqual(Buffer.concat([latin, Buffer.from("/\xff.png", "latin1")]));
    expect(pathFromBytes(fileSystemPath(set.origin(2)) as Buffer)).toBe(set.origin(2));
  });

  it.each<[string, string[], RegExp]>([
    ["no folders", ["1.png"], /has no class folders, only 1 file/],
    ["a class folder without images", ["a/1.png", "b/x.txt"], /The class folder .*b has no images/],
    ["one class", ["a/1.png"], /only one class, "a"/],
    ["a split folder without classes", ["train/a/1.png", "train/b/1.png", "test/1.png"], /test has no class folders/],
    ["no train folder", ["test/a/1.png", "val/a/1.png"], /has test and val folders but no train folder/],
    ["both val and validation", ["train/a/1", "val/a/1", "validation/a/1"], /both a val and a validation folder/],
  ])("refuses %s", async (_, names, message) => {
    add(...names);
    await expect(open()).rejects.toThrow(message);
    await expect(open()).rejects.toMatchObject({ exitCode: 4, hint: expect.stringMatching(/./) });
  });

  it("refuses an empty class folder, a missing folder, a file", async () => {
    add("a/1.png", "file");
    mkdirSync(join(folder.path, "b"));
    await expect(open()).rejects.toThrow(/The class folder .*b has no images/);
    const at = (path: string) =>
      openSource({ source: "image-folder", path } as { source: string }, { baseFolder: folder.path });
    await expect(at("none")).rejects.toThrow(/There is no folder .*none/);
    await expect(at("file")).rejects.toThrow(DataError);
  });

  it("stops when it is told to", async () => {
    add("a/1.png", "b/1.png");
    const data = { source: "image-folder", path: "." };
    await expect(openSource(data, { baseFolder: folder.path, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});
