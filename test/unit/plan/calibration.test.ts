import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Amounts, featureNames, type Prices, priceOf } from "../../../src/plan/calibration/features";
import { fitPrices, usualPrices } from "../../../src/plan/calibration/fit-prices";
import { calibrationPath, readCalibration, storeCalibration } from "../../../src/plan/calibration/stored-calibration";

/** From a third to three times what is usual. */
const prices = Object.fromEntries(
  featureNames.map((name, index) => [name, usualPrices[name] * 3 ** ((index % 5) / 2 - 1)]),
) as Prices;

/** Numbers from 0 to 1 that are the same each time. */
const draw = (index: number) => Math.abs((Math.sin(index * 12.9898) * 43758.5453) % 1);

test("prices that made the times are found from the times", () => {
  const samples = Array.from({ length: 60 }, (_, row) => {
    const amounts: Amounts = Object.fromEntries(
      featureNames.map((name, column) => [name, (1e-3 * draw(row * 31 + column)) / usualPrices[name]]),
    );
    return { amounts, seconds: priceOf(prices, amounts) };
  });
  const found = fitPrices(samples);
  for (const { amounts, seconds } of samples) expect(priceOf(found, amounts) / seconds).toBeCloseTo(1, 2);
});

test("no price is negative, and what no time tells of keeps the usual one", () => {
  const found = fitPrices([
    { amounts: { trainStep: 1, launch: 10 }, seconds: 1e-4 },
    { amounts: { trainStep: 1, launch: 100 }, seconds: 1e-5 },
  ]);
  for (const name of featureNames) expect(found[name]).toBeGreaterThanOrEqual(0);
  expect(found.product).toBeCloseTo(1 / 2e11, 18);
});

describe("what was measured", () => {
  const before = process.env.XDG_CACHE_HOME;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dlctl-calibration-"));
    process.env.XDG_CACHE_HOME = folder;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
    rmSync(folder, { recursive: true, force: true });
  });
  const measurement = { prices, programBytes: 4e8, error: { median: 0.05, largest: 0.2 } };
  const path = () => calibrationPath({ device: "cpu", folder: "/cache/addon-cpu-4.22.0-0a-2.21.0" });

  test("is kept in the user's cache and read again", async () => {
    expect(await readCalibration(path())).toBeUndefined();
    expect(await storeCalibration(path(), measurement)).toBe(true);
    expect(path().startsWith(folder)).toBe(true);
    expect(await readCalibration(path())).toMatchObject(measurement);
  });

  test("the oldest of many goes when another one comes", async () => {
    const first = path();
    for (let number = 0; number < 33; number++) {
      const other = join(dirname(first), `cpu-${number}.json`);
      expect(await storeCalibration(other, measurement)).toBe(true);
      utimesSync(other, number, number);
    }
    expect(await storeCalibration(first, measurement)).toBe(true);
    const names = readdirSync(dirname(first));
    expect(names).toHaveLength(32);
    expect(names).toContain(basename(first));
    expect(names).not.toContain("cpu-1.json");
  });

  test("is another for another libtensorflow or other operations of our own", () => {
    expect(calibrationPath({ device: "cpu", folder: "/cache/addon-cpu-4.22.0-0b-2.21.0" })).not.toBe(path());
  });

  test.each([
    ["no JSON", "{"],
    ["of another version", JSON.stringify({ version: 0, ...measurement })],
    ["without a price", JSON.stringify({ version: 1, processor: "x", measuredAt: "", ...measurement, prices: {} })],
  ])("that is %s is measured again", async (_, content) => {
    mkdirSync(dirname(path()), { recursive: true });
    writeFileSync(path(), content);
    expect(await readCalibration(path())).toBeUndefined();
  });

  test("is not kept where the cache is a file; that is no failure", async () => {
    writeFileSync(join(folder, "dlctl"), "");
    expect(await storeCalibration(path(), measurement)).toBe(false);
  });
});
