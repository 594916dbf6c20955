import { cacheLimit } from "../../../../src/data/cache/cache-limit";
import { type CacheMode, type CachePlan, planCache } from "../../../../src/data/cache/choose-cache";
import { UsageError } from "../../../../src/shared/errors";

describe("planCache", () => {
  const extent = { count: 10, size: 100 };
  const inMemory = { run: "memory", isStored: false } as const;
  const inBoth = { run: "memory", isStored: true } as const;
  const inStore = { run: undefined, isStored: true } as const;
  const inRunFile = { run: "disk", isStored: false } as const;
  const nowhere = { run: undefined, isStored: false } as const;

  test.each<[CacheMode, memory: number, disk: number, store: number, CachePlan]>([
    ["auto", 1000, 0, 0, inMemory],
    ["auto", 1000, 0, 1000, inBoth],
    ["auto", 999, 0, 1000, inStore],
    ["auto", 999, 1000, 999, inRunFile],
    ["auto", 999, 999, 999, nowhere],
    ["memory", 0, 1e9, 1e9, inMemory],
    ["disk", 1e9, 1e9, 1000, inStore],
    ["disk", 1e9, 0, 999, inRunFile],
    ["none", 1e9, 1e9, 1e9, nowhere],
  ])("%s with room for %d in memory, %d on disk, %d in the store", (mode, memoryBytes, diskBytes, storeBytes, plan) => {
    expect(planCache(mode, extent, { memoryBytes, diskBytes, storeBytes })).toEqual(plan);
  });

  test("asks the machine when it is not told", () => {
    expect(planCache("auto", extent).run).toBe("memory");
    // More than any machine has, in memory and on disk.
    expect(planCache("auto", { count: 2 ** 40, size: 2 ** 20 })).toEqual(nowhere);
  });
});

describe("cacheLimit", () => {
  test.each([
    ["0", 0],
    ["4096", 4096],
    ["500MB", 500e6],
    [" 1.5 gb ", 1.5e9],
    ["2T", 2e12],
  ])("reads %s", (given, bytes) => {
    expect(cacheLimit("/", given)).toBe(bytes);
  });

  test.each(["much", "-1", "10 GiB!", "1e9"])("refuses %s", (given) => {
    expect(() => cacheLimit("/", given)).toThrow(UsageError);
  });

  test("is no more than 10 GB when it is not stated", () => {
    expect(cacheLimit("/", "")).toBeGreaterThan(0);
    expect(cacheLimit("/", "")).toBeLessThanOrEqual(10e9);
  });
});
