import { copyFileSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import sharp from "sharp";
import { type ImageRequest, imageLoader } from "../../../../src/data/preprocess/image-loader";
import { decodePolicy, type ImageRecord } from "../../../../src/data/preprocess/preprocessing-record";
import { DataError, EnvironmentError } from "../../../../src/shared/errors";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

const folder = useTemporaryFolder();

const record: ImageRecord = {
  kind: "image",
  decode: decodePolicy([0, 0, 0]),
  input: { width: null, height: null, channels: 3 },
  ops: [{ op: "resize", width: 4, height: 4, fit: "fill", kernel: "lanczos3", background: [0, 0, 0] }],
  normalize: [],
};
const size = 4 * 4 * 3;

const encoded = (value: number) =>
  sharp(Buffer.alloc(6 * 5 * 3, value), { raw: { width: 6, height: 5, channels: 3 } })
    .png()
    .toBuffer();

async function image(name: string, value: number): Promise<string> {
  return folder.write(join("images", name), await encoded(value));
}

const request = (path: string, example: number): ImageRequest => ({ example, source: { path }, origin: path });

function open(options: { isStoreNeeded?: boolean; root?: string } = {}) {
  const { isStoreNeeded = true, root = join(folder.path, "pixels") } = options;
  const store = { folder: join(root, "a"), root, rowBytes: size, limitBytes: 1e9, description: {} };
  return imageLoader({ record, size, store, isStoreNeeded });
}

/** One run over `paths`: the value that each image is filled with, and how many were decoded. */
async function run(paths: readonly string[], options: Parameters<typeof open>[0] = {}) {
  const loader = open(options);
  const values: (number | undefined)[] = [];
  for (let epoch = 0; epoch < 2; epoch++) {
    const pixels = await loader.load(paths.map(request));
    values.splice(0, Infinity, ...paths.map((_, index) => pixels[index * size]));
    expect(paths.map((_, index) => pixels[index * size + size - 1])).toEqual(values);
  }
  await loader.close();
  return { values, decoded: loader.counts().decoded };
}

/** So that an identity is worth something: a file changed lately is read anyhow. */
const settle = () => sleep(3100);

test("a second run decodes nothing, though the files are young", async () => {
  const paths = await Promise.all([10, 20, 30].map((value) => image(`${value}.png`, value)));
  expect(await run(paths)).toEqual({ values: [10, 20, 30], decoded: 3 });
  expect(await run(paths)).toEqual({ values: [10, 20, 30], decoded: 0 });
});

test("what was renamed, copied, touched or added is told apart from what was changed", async () => {
  const [a, b, c] = (await Promise.all([10, 20, 30].map((value) => image(`${value}.png`, value)))) as [
    string,
    string,
    string,
  ];
  expect((await run([a, b, c])).decoded).toBe(3);
  const moved = join(folder.path, "moved");
  renameSync(join(folder.path, "images"), moved);
  const [ma, mb, mc] = [a, b, c].map((path) => path.replace(`${folder.path}/images`, moved)) as [
    string,
    string,
    string,
  ];
  copyFileSync(ma, join(moved, "copy.png"));
  utimesSync(mb, 5, 5);
  writeFileSync(mc, await encoded(77));
  const added = await image("new.png", 88);
  expect(await run([ma, mb, mc, join(moved, "copy.png"), added])).toEqual({ values: [10, 20, 77, 10, 88], decoded: 2 });
});

test("unchanged files are not even read; one of the same size and date in another's place is", async () => {
  const paths = await Promise.all([40, 50].map((value) => image(`${value}.png`, value)));
  const [first, second] = paths as [string, string];
  // Noted in one run, found by its identity in the next.
  await settle();
  await run(paths);
  const { atime, mtime } = statSync(first);
  const found = open();
  expect(Array.from(await found.load([request(first, 0)])).every((value) => value === 40)).toBe(true);
  await found.close();
  expect(found.counts()).toEqual({ read: 0, decoded: 0, found: 1 });
  const bytes = await encoded(41);
  expect(bytes.length).toBe(statSync(first).size);
  writeFileSync(first, bytes);
  utimesSync(first, atime, mtime);
  renameSync(second, `${second}.old`);
  writeFileSync(second, await encoded(51));
  expect(await run(paths)).toEqual({ values: [41, 51], decoded: 2 });
});

test("pixels that are there already are kept by their values", async () => {
  const source = { pixels: new Uint8Array(6 * 5 * 3).fill(9), width: 6, height: 5, channels: 3 as const };
  for (const decoded of [1, 0]) {
    const loader = open();
    const pixels = await loader.load([{ example: 0, source, origin: "x" }]);
    expect(pixels.every((value) => value === 9)).toBe(true);
    await loader.close();
    expect(loader.counts().decoded).toBe(decoded);
  }
});

test("an image that can't be read is named, each time, and keeps nothing", async () => {
  const path = folder.write("images/bad.png", "no image");
  for (let time = 0; time < 2; time++) {
    const loader = open();
    await expect(loader.load([request(path, 0)])).rejects.toThrow(DataError);
    await loader.close();
  }
  const gone = open();
  await expect(gone.load([request(join(folder.path, "gone.png"), 0)])).rejects.toThrow("there is no such file");
  await gone.close();
});

test("a store that can't be written ends the run only where nothing else keeps the images", async () => {
  // Rows so large that each is a block, which is written at once.
  const width = 512;
  const large: ImageRecord = { ...record, ops: [{ ...record.ops[0], width, height: width } as never] };
  const file = folder.write("file", "");
  const paths = [await image("1.png", 1), await image("2.png", 2)];
  const loader = (isStoreNeeded: boolean) => {
    const rowBytes = width * width * 3;
    const store = { folder: join(file, "a"), root: file, rowBytes, limitBytes: 1e9, description: {} };
    return imageLoader({ record: large, size: rowBytes, store, isStoreNeeded });
  };
  const strict = loader(true);
  await expect(strict.load(paths.map(request))).rejects.toThrow(EnvironmentError);
  await strict.close();
  const lenient = loader(false);
  const pixels = await lenient.load(paths.map(request));
  expect([pixels[0], pixels.at(-1)]).toEqual([1, 2]);
  await lenient.close();
});

test("without a store every load decodes", async () => {
  const path = await image("a.png", 3);
  const loader = imageLoader({ record, size, isStoreNeeded: true });
  await loader.load([request(path, 0)]);
  await loader.load([request(path, 0)]);
  expect(loader.counts()).toEqual({ read: 2, decoded: 2, found: 0 });
  await loader.close();
});
