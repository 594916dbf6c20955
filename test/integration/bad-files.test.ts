import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import sharp from "sharp";
import { expectFailure } from "../helpers/expect-failure";
import { projectFolder, runDlctl } from "../helpers/run-dlctl";

// data.onBadFile through the real binary, on pictures that other decoders stumble over and on some made here.

const corpus = join(projectFolder, "..", "shared", "data", "awkward-images");
const manifest = join(corpus, "MANIFEST.csv");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-bad-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeConfig(data: object): void {
  const config = {
    name: "tiny",
    data: {
      preprocess: [
        { op: "resize", width: 8, height: 8 },
        { op: "normalize", scale: 255 },
      ],
      ...data,
    },
    model: { layers: [{ type: "flatten" }, { type: "dense", units: "classes", activation: "softmax" }] },
    train: { epochs: 1, device: "js", tensorBoard: false },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
}

const train = (...args: string[]) => runDlctl(["train", "config.json", "--out", "model", ...args], { cwd: folder });
const listSkipped = (): { file: string; reason: string }[] =>
  readFileSync(join(folder, "model", "run", "skipped.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

async function writePictures(): Promise<void> {
  for (const name of ["blue", "red"]) {
    mkdirSync(join(folder, "pictures", name), { recursive: true });
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: name } });
    for (let n = 0; n < 3; n++) await picture.png().toFile(join(folder, "pictures", name, `${n}.png`));
  }
  symlinkSync("..", join(folder, "pictures", "loop"));
  writeFileSync(join(folder, "pictures", "red", "two\nlines.png"), "no picture");
  writeFileSync(
    Buffer.concat([Buffer.from(join(folder, "pictures", "red", "caf")), Buffer.from([0xe9, 46, 112, 110, 103])]),
    "",
  );
  writeConfig({ source: "image-folder", path: "pictures" });
}

test("bad files are skipped when that is asked for: warned of, listed, and so in evaluation", async () => {
  await writePictures();
  const result = train("data.onBadFile=skip", "data.split.test=0.3");
  expect(result).toMatchObject({ code: 0 });
  expect(result.stderr).toMatch(
    /warning: 2 of 8 images can't be read and were skipped: .*two\\nlines\.png \(is not an image/,
  );
  expect(result.stderr).toMatch(/1 link that leads nowhere or in a circle/);
  expect(listSkipped()).toEqual([
    { file: join(folder, "pictures", "red", "caf\udce9.png"), reason: "the file is empty" },
    { file: join(folder, "pictures", "red", "two\nlines.png"), reason: expect.stringContaining("is not an image") },
  ]);
  expect(runDlctl(["evaluate", "model", "--device", "js"], { cwd: folder })).toMatchObject({ code: 0 });
});

test("else the first one ends the run, named on one line", async () => {
  await writePictures();
  const result = train();
  expectFailure(result, { code: 4, says: [/caf\\xe9\.png|two\\nlines\.png/] });
  expect(result.stderr.match(/^error:/gm)).toHaveLength(1);
  expect(existsSync(join(folder, "model"))).toBe(false);
});

(existsSync(manifest) ? describe : describe.skip)(
  "pictures that other decoders are tested with, as training data",
  () => {
    interface Row {
      readonly file: string;
      readonly expect: string;
    }
    const rows: Row[] = existsSync(manifest) ? parse(readFileSync(manifest), { columns: true }) : [];

    function writeTable(): void {
      const lines = rows.map(
        ({ file }, index) => `"${join(corpus, file).replaceAll('"', '""')}",${index % 2 ? "odd" : "even"}`,
      );
      writeFileSync(join(folder, "table.csv"), ["file,kind", ...lines, ""].join("\n"));
      writeConfig({ source: "csv", path: "table.csv", columns: { image: "file", label: "kind" } });
    }

    test("every sound one is trained on, every broken one skipped and listed", () => {
      writeTable();
      expect(train("data.onBadFile=skip")).toMatchObject({ code: 0 });
      const skipped = new Set(listSkipped().map(({ file }) => rows[Number(/row (\d+)$/.exec(file)?.[1]) - 1]?.file));
      const ofKind = (kind: string) => rows.filter((row) => row.expect === kind).map(({ file }) => file);
      expect(ofKind("reject").filter((file) => !skipped.has(file))).toEqual([]);
      expect(ofKind("accept").filter((file) => skipped.has(file))).toEqual([]);
      expect(skipped.size).toBeGreaterThan(15);
    });

    test("without skip a broken one ends the run", () => {
      writeTable();
      expectFailure(train(), { code: 4, says: [/table\.csv row \d+/] });
      expect(existsSync(join(folder, "model"))).toBe(false);
    });
  },
);
