import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { restorePreprocessing } from "../../../src/data/preprocess/preprocessing";
import { decodePolicy } from "../../../src/data/preprocess/preprocessing-record";
import type { InputChunk } from "../../../src/predict/input-chunk";
import { readImages } from "../../../src/predict/read-images";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-read-"));
  for (const [name, value] of Object.entries({ one: 10, two: 20, three: 30 })) {
    const background = { r: value, g: value + 1, b: value + 2 };
    await sharp({ create: { width: 2, height: 2, channels: 3, background } })
      .png()
      .toFile(join(folder, `${name}.png`));
  }
  writeFileSync(join(folder, "text.png"), "this is no picture");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const preprocessing = restorePreprocessing({
  kind: "image",
  decode: decodePolicy([0, 0, 0]),
  input: { width: 2, height: 2, channels: 3 },
  ops: [],
  normalize: [],
});

async function read(names: string[], chunkSize: number): Promise<InputChunk[]> {
  const chunks: InputChunk[] = [];
  const files = names.map((name) => ({ input: join(folder, name) }));
  for await (const chunk of readImages(files, preprocessing, { chunkSize })) chunks.push(chunk);
  return chunks;
}

test("chunks hold the pixels of their images in order", async () => {
  const chunks = await read(["two.png", "one.png", "three.png"], 2);
  expect(chunks.map(({ inputs }) => inputs?.shape)).toEqual([
    [2, 2, 2, 3],
    [1, 2, 2, 3],
  ]);
  expect([...(chunks[0]?.inputs?.data ?? [])].filter((_, index) => index % 3 === 0)).toEqual([
    20, 20, 20, 20, 10, 10, 10, 10,
  ]);
  expect(chunks[1]?.items).toEqual([{ name: { input: join(folder, "three.png") } }]);
});

test("what can't be read is an item with a problem; the rest of its chunk is read", async () => {
  const [chunk] = await read(["one.png", "text.png", "gone.png", "two.png"], 10);
  expect(chunk?.inputs?.shape[0]).toBe(2);
  expect(chunk?.inputs?.data[12]).toBe(20);
  expect(chunk?.items.map(({ problem }) => problem !== undefined)).toEqual([false, true, true, false]);
  // The path is said once.
  expect(chunk?.items[2]?.problem).toBe("there is no such file");
});

test("a chunk without a single readable image has no inputs", async () => {
  const [chunk] = await read(["text.png"], 10);
  expect(chunk?.inputs).toBeUndefined();
});
