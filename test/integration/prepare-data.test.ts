import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "tar";
import { projectFolder } from "../helpers/run-dlctl";
import { useTemporaryFolder } from "../helpers/temporary-folder";

describe("npm run prepare-data", () => {
  const folder = useTemporaryFolder();
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(projectFolder, "scripts", "prepare-data.mjs"), ...args], {
      encoding: "utf8",
      env: { ...process.env, DLCTL_DATA_FOLDER: join(folder.path, "data") },
    });
  const listed = (name: string) =>
    readdirSync(join(folder.path, "data", name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder.path, "data", name).length + 1))
      .sort();

  /** A tar of pictures (their content does not matter), as downloads have them. */
  async function pack(name: string, pictures: readonly string[]): Promise<string> {
    for (const picture of pictures) folder.write(join("made", picture), "picture");
    const downloads = join(folder.path, "downloads");
    mkdirSync(downloads, { recursive: true });
    await create({ file: join(downloads, name), cwd: join(folder.path, "made"), gzip: name.endsWith("gz") }, [
      ...pictures,
    ]);
    return downloads;
  }

  it("keeps an archive's own division, its val being test, and skips what is there", async () => {
    const downloads = await pack("flower-photos.tar", [
      "f/train/a/1.jpg",
      "f/train/b/2.jpg",
      "f/val/a/3.jpg",
      "f/train/a/x.txt",
    ]);
    const first = run(downloads);
    expect(first).toMatchObject({ status: 0, stderr: "" });
    expect(first.stdout).toBe("flowers: 2 training and 1 test pictures; its val/ is test/ here\n");
    expect(listed("flowers")).toEqual([
      join("test", "a", "3.jpg"),
      join("train", "a", "1.jpg"),
      join("train", "b", "2.jpg"),
    ]);
    expect(run(downloads).stdout).toBe("flowers: is in data/ already\n");
  });

  it("divides an archive that has only classes", async () => {
    const pictures = ["a", "b"].flatMap((name) =>
      [1, 2, 3, 4, 5].map((number) => `flower_photos/${name}/${number}.jpg`),
    );
    const { status } = run(await pack("flower_photos.tgz", pictures), "flowers");
    expect(status).toBe(0);
    expect(listed("flowers").filter((path) => path.startsWith("test"))).toEqual([
      join("test", "a", "5.jpg"),
      join("test", "b", "5.jpg"),
    ]);
    expect(listed("flowers")).toHaveLength(10);
  });

  it("leaves nothing behind of a damaged archive, and says which it is", () => {
    const archive = folder.write("downloads/flower-photos.tar", "no tar at all".repeat(100));
    const { status, stderr } = run(join(folder.path, "downloads"));
    expect(status).toBe(4);
    expect(stderr).toMatch(/^flowers: can't be prepared from /);
    expect(stderr).toContain(archive);
    expect(readdirSync(join(folder.path, "data"))).toEqual([]);
  });

  it.each<[string, () => string[], RegExp]>([
    ["no folder", () => [], /Name the folder that holds the downloads/],
    ["a folder that is not there", () => [join(folder.path, "none")], /There is no folder/],
    ["a set it does not know", () => [folder.path, "flower"], /There is no data set "flower"/],
    ["a folder without known sets", () => [folder.path], /No known data set is in/],
  ])("refuses %s", (_, args, message) => {
    const { status, stderr } = run(...args());
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  it("holds out every fifth message, and tells those that no training message repeats", () => {
    const rows = ["a", "b", "c", "d", "new", "e", "f", "g", "h", "a"].map((text) => `ham\t${text}`);
    folder.write(join("downloads", "SMSSpamCollection.tsv"), `${rows.join("\n")}\n`);
    const { status, stdout } = run(join(folder.path, "downloads"), "sms-spam");
    expect(status).toBe(0);
    expect(stdout).toContain("8 training and 2 test messages, 1 of which no training message repeats");
    const read = (name: string) => readFileSync(join(folder.path, "data", "sms-spam", name), "utf8");
    expect(read("test.tsv")).toBe("label\ttext\nham\tnew\nham\ta\n");
    expect(read("test-new.tsv")).toBe("label\ttext\nham\tnew\n");
    expect(read("train.tsv").split("\n")).toHaveLength(10);
  });
});
