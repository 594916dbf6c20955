import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diskCache } from "../../../../src/data/cache/disk-cache";
import { memoryCache } from "../../../../src/data/cache/memory-cache";
import type { CacheExtent, PixelCache } from "../../../../src/data/cache/pixel-cache";
import { EnvironmentError } from "../../../../src/shared/errors";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-cache-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const pixelsOf = (example: number, size: number) =>
  Uint8Array.from({ length: size }, (_, i) => (example * 31 + i) % 251);

const caches: [string, (extent: CacheExtent) => PixelCache][] = [
  ["memory", memoryCache],
  ["disk", (extent) => diskCache(extent, join(folder, "deep", "pixels"))],
];

describe.each(caches)("%s cache", (_, open) => {
  test("gives back what was written, in any order, and nothing else", async () => {
    const size = 1000;
    const cache = open({ count: 50, size });
    const target = new Uint8Array(size);
    expect(await cache.read(3, target)).toBe(false);
    const written = [49, 0, 7, 8, 31];
    await Promise.all(written.map((example) => cache.write(example, pixelsOf(example, size))));
    for (const example of Array.from({ length: 50 }, (_, index) => index)) {
      target.fill(0);
      const isThere = await cache.read(example, target);
      expect(isThere).toBe(written.includes(example));
      expect(target).toEqual(isThere ? pixelsOf(example, size) : new Uint8Array(size));
    }
    await cache.close();
    expect(await cache.read(49, target)).toBe(false);
  });

  test("keeps a copy: what is written later to the same array is not seen", async () => {
    const cache = open({ count: 2, size: 4 });
    const pixels = Uint8Array.of(1, 2, 3, 4);
    await cache.write(1, pixels);
    pixels.fill(9);
    const target = new Uint8Array(4);
    await cache.read(1, target);
    expect(Array.from(target)).toEqual([1, 2, 3, 4]);
    await cache.close();
  });

  test("holds images larger than its pieces", async () => {
    const size = 17 << 20;
    const cache = open({ count: 3, size });
    const pixels = new Uint8Array(size).fill(5);
    await cache.write(2, pixels);
    const target = new Uint8Array(size);
    expect(await cache.read(1, target)).toBe(false);
    expect(await cache.read(2, target)).toBe(true);
    expect(Buffer.compare(target, pixels)).toBe(0);
    await cache.close();
  });
});

describe("disk cache", () => {
  test("leaves no file, even while it is open", async () => {
    const cache = diskCache({ count: 1, size: 3 }, folder);
    await cache.write(0, Uint8Array.of(1, 2, 3));
    expect(readdirSync(folder)).toEqual([]);
    await cache.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("makes no folder before something is written", async () => {
    const cache = diskCache({ count: 1, size: 3 }, join(folder, "later"));
    expect(await cache.read(0, new Uint8Array(3))).toBe(false);
    await cache.close();
    expect(existsSync(join(folder, "later"))).toBe(false);
  });

  test("a folder that can't be made is an EnvironmentError with a way out", async () => {
    writeFileSync(join(folder, "file"), "");
    const cache = diskCache({ count: 1, size: 3 }, join(folder, "file", "pixels"));
    const error = await cache.write(0, new Uint8Array(3)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect((error as EnvironmentError).hint).toContain('"none"');
    await cache.close();
  });

  (process.getuid?.() === 0 ? test.skip : test)(
    "a folder without the right to write is an EnvironmentError",
    async () => {
      chmodSync(folder, 0o500);
      await expect(diskCache({ count: 1, size: 1 }, folder).write(0, new Uint8Array(1))).rejects.toThrow(
        EnvironmentError,
      );
    },
  );
});
