import { join } from "node:path";
import sharp from "sharp";
import { startImageWorker } from "../../../../src/data/preprocess/image-worker-client";
import { type LoaderPlan, openLocalLoader } from "../../../../src/data/preprocess/open-image-loader";
import { decodePolicy } from "../../../../src/data/preprocess/preprocessing-record";
import { DataError } from "../../../../src/shared/errors";
import { projectFolder } from "../../../helpers/run-dlctl";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

// The built one: a worker can't run the sources.
const path = join(projectFolder, "dist", "data", "preprocess", "image-worker.js");

const plan: LoaderPlan = {
  record: {
    kind: "image",
    decode: decodePolicy([0, 0, 0]),
    input: { width: null, height: null, channels: 3 },
    ops: [{ op: "resize", width: 9, height: 7, fit: "cover", kernel: "lanczos3", background: [0, 0, 0] }],
    normalize: [],
  },
  output: { width: 9, height: 7, channels: 3 },
  isStored: false,
  isStoreNeeded: false,
};

const folder = useTemporaryFolder();

async function requests(count: number, size = 20) {
  return Promise.all(
    Array.from({ length: count }, async (_, example) => {
      const pixels = Buffer.alloc(size * size * 3);
      for (let at = 0; at < pixels.length; at++) pixels[at] = (at * (example + 3)) % 256;
      const bytes = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
        .jpeg()
        .toBuffer();
      const file = folder.write(`${example}.jpg`, bytes);
      return { example, source: { path: file }, origin: file };
    }),
  );
}

test("a worker gives the pixels that this thread gives, to loads that overlap, and counts them", async () => {
  const all = await requests(10);
  const local = await openLocalLoader(plan);
  const expected = await local.load(all);
  const worker = startImageWorker(path, plan);
  const [whole, half] = await Promise.all([worker.load(all), worker.load(all.slice(5))]);
  expect(Buffer.compare(whole, expected)).toBe(0);
  expect(Buffer.compare(half, expected.subarray(expected.length / 2))).toBe(0);
  expect(worker.counts()).toEqual({ read: 15, decoded: 15, found: 0 });
  await worker.close();
});

test("pixels come while this thread computes and never gives way", async () => {
  const worker = startImageWorker(path, plan);
  const all = await requests(40, 200);
  await worker.load(all.slice(0, 1));
  let isThere = false;
  const loading = worker.load(all).then(() => {
    isThere = true;
  });
  // A training step, blocking: longer than the images take by far.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
  await new Promise(setImmediate);
  expect(isThere).toBe(true);
  await loading;
  await worker.close();
});

test("what is wrong with a file is told as here; the worker goes on", async () => {
  const worker = startImageWorker(path, plan);
  const bad = folder.write("bad.jpg", "no image");
  const failure = await worker.load([{ example: 0, source: { path: bad }, origin: bad }]).catch((error) => error);
  expect(failure).toBeInstanceOf(DataError);
  const local = await openLocalLoader(plan);
  const same = await local.load([{ example: 0, source: { path: bad }, origin: bad }]).catch((error) => error);
  expect({ message: failure.message, hint: failure.hint }).toEqual({ message: same.message, hint: same.hint });
  expect((await worker.load(await requests(1))).length).toBe(9 * 7 * 3);
  await worker.close();
});

test("an abort ends a load with its reason; a closed worker loads nothing more", async () => {
  const worker = startImageWorker(path, plan);
  const controller = new AbortController();
  const loading = worker.load(await requests(30), controller.signal);
  controller.abort(new Error("enough"));
  await expect(loading).rejects.toThrow("enough");
  await worker.close();
  await expect(worker.load(await requests(1))).rejects.toThrow("has ended");
});

test("a bug in the worker comes with its stack; one that can't start is told", async () => {
  const worker = startImageWorker(path, { ...plan, output: { width: 1, height: 1, channels: 3 } });
  await expect(worker.load(await requests(1))).rejects.toThrow(/became 189 bytes instead of 3/);
  await worker.close();
  const broken = startImageWorker(folder.write("broken.js", "throw new Error('no start')"), plan);
  await expect(broken.load(await requests(1))).rejects.toThrow("no start");
  await broken.close();
});
