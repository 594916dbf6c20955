import { symlinkSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import type { ExampleSet } from "../../../src/data/example-set";
import { keepReadable } from "../../../src/data/keep-readable";
import { openSource } from "../../../src/data/source-config";
import { DataError } from "../../../src/shared/errors";
import { useTemporaryFolder } from "../../helpers/temporary-folder";

const folder = useTemporaryFolder();
let picture: Buffer;
beforeAll(async () => {
  picture = await sharp({ create: { width: 4, height: 4, channels: 3, background: "red" } })
    .png()
    .toBuffer();
});

const open = (data: object) =>
  openSource({ onBadFile: "skip", ...data } as Parameters<typeof openSource>[0], { baseFolder: folder.path });
const origins = (set: ExampleSet) => Array.from({ length: set.count }, (_, index) => set.origin(index));

function writeFolder(): void {
  for (const name of ["a/1.png", "a/3.png", "b/2.png", "b/5.png"]) folder.write(name, picture);
  folder.write("a/2.png", picture.subarray(0, -20));
  folder.write("b/1.png", "no picture");
  folder.write("b/4.png", "");
}

test("what can't be read is left out of inputs, targets and splits, and listed", async () => {
  writeFolder();
  const set = await open({ source: "image-folder", path: "." });
  const names = ["a/1.png", "a/3.png", "b/2.png", "b/5.png"].map((name) => join(folder.path, name));
  expect(origins(set)).toEqual(names);
  expect(set.inputs).toMatchObject({ kind: "image", count: 4 });
  if (set.inputs.kind === "image") expect(set.inputs.image(2)).toEqual({ path: names[2] });
  expect(set.targets).toMatchObject({ labels: ["a", "b"], indices: Int32Array.of(0, 0, 1, 1) });
  expect(set.skipped).toEqual([
    { origin: join(folder.path, "a", "2.png"), reason: expect.stringContaining("PNG image is damaged") },
    { origin: join(folder.path, "b", "1.png"), reason: expect.stringContaining("is not an image") },
    { origin: join(folder.path, "b", "4.png"), reason: "the file is empty" },
  ]);
  expect(set.warnings).toEqual([
    expect.stringMatching(/^3 of 7 images can't be read and were skipped: .*2\.png \(.*4\.png \(the file is empty\)$/),
  ]);
});

test("a table's images, those that are missing too, keep their numbers, groups and own splits", async () => {
  folder.write("good.png", picture);
  symlinkSync("nowhere", join(folder.path, "loop.png"));
  folder.write("table.csv", "file,x,y,who\nnone.png,1,2,p\ngood.png,3,4,q\nloop.png,5,6,r\ngood.png,7,8,s\n");
  folder.write("test.csv", "file,x,y,who\nnone.png,1,2,p\ngood.png,9,10,t\n");
  const set = await open({
    source: "csv",
    path: "table.csv",
    test: "test.csv",
    columns: { image: "file", target: ["x", "y"] },
    header: true,
    ignore: [],
    missing: "error",
    split: { by: "who" },
  });
  expect(set.targets).toMatchObject({ values: Float32Array.of(3, 4, 7, 8, 9, 10) });
  expect(origins(set)).toEqual(["table.csv row 2", "table.csv row 4", "test.csv row 2"]);
  expect([0, 1, 2].map((index) => set.group?.(index))).toEqual(["q", "s", "t"]);
  expect([0, 1, 2].map((index) => set.ownSplit(index))).toEqual([undefined, undefined, "test"]);
  expect(set.skipped?.map(({ reason }) => reason)).toEqual(Array(3).fill("there is no such file"));
});

test("many are counted, and the first five named", async () => {
  for (let n = 0; n < 9; n++) folder.write(`a/${n}.png`, "");
  folder.write("b/1.png", picture);
  const [warning] = (await open({ source: "image-folder", path: "." })).warnings;
  expect(warning).toMatch(/^9 of 10 .*4\.png \(the file is empty\); and 4 more$/);
});

test("no image that can be read is an error", async () => {
  for (const name of ["a/1.png", "b/1.png"]) folder.write(name, "");
  await expect(open({ source: "image-folder", path: "." })).rejects.toThrow(DataError);
  await expect(open({ source: "image-folder", path: "." })).rejects.toThrow(/None of the 2 images .*1\.png \(the file/);
});

test("without skip the set is as it was, unread", async () => {
  writeFolder();
  const set = await open({ source: "image-folder", path: ".", onBadFile: "error" });
  expect([set.count, set.skipped]).toEqual([7, undefined]);
});

test("it stops when it is told to", async () => {
  writeFolder();
  const set = await open({ source: "image-folder", path: ".", onBadFile: "error" });
  await expect(keepReadable(set, AbortSignal.abort())).rejects.toThrow(/abort/i);
});
