import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { keyOf } from "../../../../src/data/cache/store/file-identity";
import { openPixelStore, type PixelStore } from "../../../../src/data/cache/store/pixel-store";

const rowBytes = 100_000;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "dlctl-store-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const open = (options: { limitBytes?: number; segmentBytes?: number; pipeline?: string; rowBytes?: number } = {}) => {
  const { pipeline = "a", ...rest } = options;
  return openPixelStore({ folder: join(root, pipeline), root, rowBytes, limitBytes: 1e9, description: {}, ...rest });
};

const content = (number: number) => keyOf(`content ${number}`);
const identity = (number: number) => keyOf(`identity ${number}`);

/** Its own for each number, and not the same at all positions. */
function pixels(number: number, size = rowBytes): Uint8Array {
  const bytes = new Uint8Array(size).fill(number + 1);
  for (let at = 0; at < size; at += 4096) bytes[at] = (number * 31 + at / 4096) % 251;
  return bytes;
}

async function add(store: PixelStore, ...numbers: number[]): Promise<void> {
  for (const number of numbers) await store.add(identity(number), content(number), pixels(number));
}

/** Which of the numbers are found, each with its right pixels. */
async function found(store: PixelStore, numbers: readonly number[]): Promise<number[]> {
  const there: number[] = [];
  for (const number of numbers) {
    const location = store.locate(identity(number));
    const target = new Uint8Array(rowBytes);
    if (location === undefined || !(await store.read(location, target))) continue;
    expect(Buffer.compare(target, pixels(number))).toBe(0);
    there.push(number);
  }
  return there;
}

const segments = (pipeline = "a") =>
  (existsSync(join(root, pipeline)) ? readdirSync(join(root, pipeline)) : [])
    .filter((name) => name.endsWith(".pixels"))
    .map((name) => join(root, pipeline, name));

async function fill(numbers: readonly number[], options: Parameters<typeof open>[0] = {}): Promise<void> {
  const store = open(options);
  await add(store, ...numbers);
  await store.close();
}

const reopened = async (numbers: readonly number[]) => {
  const store = open();
  const there = await found(store, numbers);
  await store.close();
  return there;
};

test("gives back what was added: at once, after blocks and segments were written, and in the next run", async () => {
  const numbers = Array.from({ length: 23 }, (_, index) => index);
  // 2 rows are a block, 6 a segment.
  const store = open({ segmentBytes: 6 * rowBytes });
  for (const number of numbers) {
    await add(store, number);
    expect(await found(store, [number, 0])).toEqual([number, 0]);
  }
  expect(await found(store, numbers)).toEqual(numbers);
  expect(await found(store, [99])).toEqual([]);
  await store.close();
  expect(segments()).toHaveLength(4);
  expect(await reopened(numbers)).toEqual(numbers);
  expect(readdirSync(join(root, "a")).filter((name) => name.endsWith(".partial"))).toEqual([]);
});

test("any row size, number and order of overlapping additions comes back (property)", async () => {
  const shape = fc.record({
    size: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 60_000, max: 300_000 })),
    count: fc.integer({ min: 0, max: 40 }),
    segmentRows: fc.integer({ min: 1, max: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ size, count, segmentRows }) => {
      const options = { rowBytes: size, pipeline: `p${size}`, segmentBytes: segmentRows * size };
      const store = open(options);
      const numbers = Array.from({ length: count }, (_, index) => index);
      await Promise.all(numbers.map((number) => store.add(undefined, content(number), pixels(number, size))));
      await store.close();
      const again = open(options);
      for (const number of numbers) {
        const target = new Uint8Array(size);
        expect(await again.read(again.locateContent(content(number)) as number, target)).toBe(true);
        expect(Buffer.compare(target, pixels(number, size))).toBe(0);
      }
      await again.close();
      rmSync(join(root, options.pipeline), { recursive: true, force: true });
    }),
    { numRuns: 25 },
  );
});

test("nothing is found under a name before it is whole, and a killed process's beginnings are cleared away", async () => {
  const store = open();
  await add(store, 1, 2, 3);
  expect(segments()).toEqual([]);
  expect(await reopened([1, 2, 3])).toEqual([]);
  // As a process leaves it that is gone: no process has this number.
  const gone = join(root, "a", `4194305@${hostname()}@x.partial`);
  writeFileSync(gone, "half");
  await store.close();
  expect(await reopened([1, 2, 3])).toEqual([1, 2, 3]);
  await fill([4]);
  expect(existsSync(gone)).toBe(false);
});

test("a segment that was cut off, or whose index is damaged, is removed", async () => {
  for (const damage of [
    (path: string) => truncateSync(path, statSync(path).size - 1),
    (path: string) => truncateSync(path, rowBytes),
    (path: string) => truncateSync(path, 0),
    (path: string) => appendFileSync(path, "x"),
    (path: string) => flip(path, statSync(path).size - 100),
    (path: string) => flip(path, statSync(path).size - 60),
  ]) {
    await fill([1, 2, 3]);
    const [path] = segments() as [string];
    damage(path);
    expect(await reopened([1, 2, 3])).toEqual([]);
    expect(segments()).toEqual([]);
  }
});

test("a damaged row is not given, nor are others of its block; the segment is gone in the next run", async () => {
  await fill([0, 1, 2, 3, 4]);
  flip(segments()[0] as string, 3 * rowBytes + 5);
  expect(await reopened([0, 1, 2, 3, 4])).toEqual([0, 1, 4]);
  expect(segments()).toEqual([]);
});

test("two runs at once keep both what they decode; what both have is kept once", async () => {
  const [one, two] = [open(), open()];
  await add(one, 1, 2);
  await add(two, 2, 3);
  await Promise.all([one.close(), two.close()]);
  expect(await reopened([1, 2, 3])).toEqual([1, 2, 3]);
  await fill([1, 2, 3], { pipeline: "b" });
  const [three, four] = [open({ pipeline: "c" }), open({ pipeline: "c" })];
  await add(three, 1, 2);
  await add(four, 1, 2);
  await Promise.all([three.close(), four.close()]);
  expect(segments("c")).toHaveLength(2);
  await open({ pipeline: "c" }).close();
  expect(segments("c")).toHaveLength(1);
});

test("a file that has the content of another is noted, and found by its identity later", async () => {
  await fill([1]);
  const store = open();
  store.note(identity(7), content(1));
  await store.close();
  const later = open();
  const target = new Uint8Array(rowBytes);
  expect(await later.read(later.locate(identity(7)) as number, target)).toBe(true);
  expect(Buffer.compare(target, pixels(1))).toBe(0);
  await later.close();
});

test("above the limit the longest unused segments go, of whatever pipeline, but none that this run uses", async () => {
  await fill([1], { pipeline: "old" });
  await fill([2], { pipeline: "older" });
  const age = (path: string, seconds: number) =>
    utimesSync(path, Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);
  age(segments("old")[0] as string, 100);
  age(segments("older")[0] as string, 200);
  // Reading makes it the newest.
  const reader = open({ pipeline: "older" });
  await reader.read(reader.locate(identity(2)) as number, new Uint8Array(rowBytes));
  await fill([3], { limitBytes: 2.5 * rowBytes });
  expect([segments("old"), segments("older"), segments()].map((each) => each.length)).toEqual([0, 1, 1]);
  // Removed by another process while it is open: still readable.
  rmSync(segments("older")[0] as string);
  expect(await found(reader, [2])).toEqual([2]);
  await reader.close();
  const store = open({ limitBytes: 2.5 * rowBytes, segmentBytes: rowBytes });
  expect(await found(store, [3])).toEqual([3]);
  await add(store, 4, 5, 6);
  await store.close();
  expect(await reopened([3, 4, 5, 6])).toEqual([3, 4, 5, 6]);
});

test("what can't be written is told by the next addition, and leaves nothing half written", async () => {
  writeFileSync(join(root, "file"), "");
  const store = openPixelStore({
    folder: join(root, "file", "a"),
    root,
    rowBytes,
    limitBytes: 1e9,
    description: {},
    segmentBytes: rowBytes,
  });
  await expect(
    (async () => {
      for (let number = 0; number < 10; number++) await add(store, number);
    })(),
  ).rejects.toMatchObject({ code: "ENOTDIR" });
  await store.close();
  expect(readFileSync(join(root, "file"), "utf8")).toBe("");
});

function flip(path: string, position: number): void {
  const bytes = readFileSync(path);
  bytes[position] = (bytes[position] as number) ^ 1;
  writeFileSync(path, bytes);
}
