import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { type ExpectedFailure, expectFailure, listing } from "../helpers/expect-failure";
import { runDlctl } from "../helpers/run-dlctl";

// Broken data through the real binary: training ends with 4, says which file is wrong and how to mend it, and leaves nothing.

type Files = Record<string, string | Buffer>;

interface BrokenData extends Omit<ExpectedFailure, "code"> {
  readonly name: string;
  readonly files: Files;
  /** Changes to the config's `data`. */
  readonly data?: object;
}

const width = 8;
let red: Buffer;
let blue: Buffer;
let folder: string;

beforeAll(async () => {
  const picture = (r: number, b: number) =>
    sharp({ create: { width, height: width, channels: 3, background: { r, g: 20, b } } })
      .png()
      .toBuffer();
  [red, blue] = await Promise.all([picture(200, 30), picture(30, 200)]);
  folder = mkdtempSync(join(tmpdir(), "dlctl-bad-data-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Three good pictures of each class, and what `more` adds or replaces. */
function pictures(more: Files = {}): Files {
  const good = [0, 1, 2].flatMap((n) => [
    [`pictures/blue/${n}.png`, blue],
    [`pictures/red/${n}.png`, red],
  ]);
  return { ...Object.fromEntries(good), ...more };
}

function write(place: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(place, name);
    mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(path, content);
  }
}

function config(data: object, layers: object[]): string {
  return JSON.stringify({ name: "broken", data, model: { layers }, train: { epochs: 1, batchSize: 2, device: "js" } });
}

const output = { type: "dense", units: "classes", activation: "softmax" };
const resize = [{ op: "resize", width, height: width }];

function expectRefusal(kind: string, { name, files, says }: BrokenData, text: string): void {
  const place = join(folder, `${kind}-${name}`.replaceAll(/\W/g, "-"));
  write(place, { ...files, "config.json": text });
  const before = listing(place);
  expectFailure(runDlctl(["train", "config.json"], { cwd: place }), { code: 4, says });
  expect(listing(place).filter((path) => !before.includes(path))).toEqual([]);
}

describe("a folder of images", () => {
  // The pictures are made before the tests, but after this table.
  test.each<Omit<BrokenData, "files"> & { files: () => Files }>([
    { name: "that is not there", files: () => ({}), says: ["pictures", "relative to the config"] },
    { name: "that is a file", files: () => ({ pictures: "text" }), says: ["pictures", "folder"] },
    { name: "that is empty", files: () => ({ "pictures/": "" }), says: ["pictures"] },
    { name: "with pictures but no classes", files: () => ({ "pictures/0.png": red }), says: ["pictures", /class/] },
    { name: "with one class", files: () => ({ "pictures/red/0.png": red }), says: ["red", /one class|2 classes|two/] },
    {
      name: "with an empty class",
      files: () => pictures({ "pictures/green/": "" }),
      says: ["green", /no images|empty/],
    },
    {
      name: "with a text named .png",
      files: () => pictures({ "pictures/red/note.png": "this is no picture" }),
      says: [join("red", "note.png"), /image/],
    },
    {
      name: "with a file of no bytes",
      files: () => pictures({ "pictures/red/empty.png": "" }),
      says: [join("red", "empty.png"), /empty/],
    },
    {
      name: "with a picture cut off",
      files: () => pictures({ "pictures/red/half.png": red.subarray(0, red.length - 20) }),
      says: [join("red", "half.png")],
    },
  ])("$name", ({ files, ...entry }) => {
    const data = { source: "image-folder", path: "pictures", preprocess: resize };
    expectRefusal("folder", { ...entry, files: files() }, config(data, [{ type: "flatten" }, output]));
  });

  test("early stopping by validation data that there is not", () => {
    const place = join(folder, "early-stopping");
    const data = { source: "image-folder", path: "pictures" };
    write(place, { ...pictures(), "config.json": config(data, [{ type: "flatten" }, output]) });
    const result = runDlctl(["train", "config.json", "train.earlyStopping.monitor=val_loss"], { cwd: place });
    expectFailure(result, { code: 3, says: ["train.earlyStopping", "val_loss", /validation/] });
  });
});

describe("a table", () => {
  const columns = { features: ["a", "b"], label: "kind" };
  const head = "a,b,kind\n";
  const rows = "1,2,x\n3,4,y\n5,6,x\n7,8,y\n";
  test.each<BrokenData>([
    { name: "that is not there", files: {}, says: ["table.csv"] },
    { name: "that is empty", files: { "table.csv": "" }, says: ["table.csv", /empty|no rows/] },
    { name: "with a head alone", files: { "table.csv": head }, says: ["table.csv", "no rows"] },
    { name: "without a column", files: { "table.csv": `a,c,kind\n${rows}` }, says: ["table.csv", '"b"', "c"] },
    {
      name: "with a column that no role names",
      files: { "table.csv": "a,b,kind,extra\n1,2,x,0\n3,4,y,0\n" },
      says: ["extra", "ignore"],
    },
    {
      name: "with a word for a number",
      files: { "table.csv": `${head}1,two,x\n${rows}` },
      says: [/row 1|line 2/, "two", "b"],
    },
    { name: "with a number missing", files: { "table.csv": `${head}${rows}1,,x\n` }, says: [/row 5|line 6/, "b"] },
    { name: "with a row too short", files: { "table.csv": `${head}${rows}1\n` }, says: [/row 5|line 6/] },
    { name: "with one label", files: { "table.csv": `${head}1,2,x\n3,4,x\n` }, says: [/one class|2 classes|two/, "x"] },
    {
      name: "of pictures that are not there",
      files: { "table.csv": "file,kind\nnone.png,x\nother.png,y\n" },
      data: { columns: { image: "file", label: "kind" }, preprocess: resize },
      says: ["none.png"],
    },
    {
      name: "with a label that is not stated",
      files: { "table.csv": `${head}${rows}1,2,z\n` },
      data: { labels: ["x", "y"] },
      says: ["z", /labels/, /row 5|line 6/],
    },
  ])("$name", (entry) => {
    const data = { source: "csv", path: "table.csv", columns, ...entry.data };
    const layers = "preprocess" in data ? [{ type: "flatten" }, output] : [output];
    expectRefusal("table", entry, config(data, layers));
  });
});

describe("idx files", () => {
  const images = (count: number, stated = count) => {
    const head = [0, 0, 8, 3, 0, 0, 0, stated, 0, 0, 0, width, 0, 0, 0, width];
    return Buffer.concat([Buffer.from(head), Buffer.alloc(count * width * width, 7)]);
  };
  const labels = (...values: number[]) => Buffer.from([0, 0, 8, 1, 0, 0, 0, values.length, ...values]);
  const good = { images: images(4), labels: labels(0, 1, 0, 1) };
  test.each<BrokenData>([
    { name: "that are not there", files: {}, says: ["images"] },
    { name: "that are something else", files: { ...good, images: "not idx at all" }, says: ["images", /IDX/i] },
    { name: "that are cut off", files: { ...good, images: images(3, 4) }, says: ["images", /short|cut|bytes/] },
    { name: "that don't belong together", files: { ...good, labels: labels(0, 1) }, says: ["labels", "4", "2"] },
    {
      name: "with a label out of range",
      files: { ...good, labels: labels(0, 1, 5, 1) },
      says: ["labels", "5", /range/],
    },
  ])("$name", (entry) => {
    const data = { source: "idx", images: "images", labels: "labels", labelNames: ["zero", "one"] };
    expectRefusal("idx", entry, config(data, [{ type: "flatten" }, output]));
  });
});
