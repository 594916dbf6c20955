import type { AugmentationType } from "../../../../src/data/augment/augmentation-definitions";
import { deriveSeeds, drawUniform } from "../../../../src/data/augment/draw";
import { drawSymmetricBeta } from "../../../../src/data/augment/mixup";
import {
  type AugmentationConfig,
  augmentationSchema,
  bindAugmentations,
  checkAugmentations,
} from "../../../../src/data/augmentation-config";
import { startRuntime } from "../../../../src/runtime/start-runtime";
import { type SeedPair, statelessUniform } from "../../../../src/runtime/stateless-random";
import { tf } from "../../../../src/runtime/tf";
import { ConfigError } from "../../../../src/shared/errors";
import { describeEachDevice, describeNative } from "../../../helpers/runtime";

/** Options under which every kind changes images of 6 x 8 nearly always. */
const samples = {
  flip: { direction: "both", probability: 0.7 },
  rotate: { degrees: 40 },
  shift: { width: 0.3, height: 0.3, fill: "nearest" },
  zoom: { min: 0.6, max: 1.8 },
  crop: { padding: 2 },
  brightness: { amount: 0.3 },
  contrast: { amount: 0.5 },
  saturation: { amount: 0.5 },
  erasing: { probability: 0.9, minArea: 0.1 },
  mixup: { alpha: 1 },
} satisfies Record<AugmentationType, object>;

const kinds = Object.entries(samples) as [AugmentationType, object][];
const seeds: SeedPair = [11, 5];

function configOf(op: AugmentationType, options: object): AugmentationConfig {
  return augmentationSchema.parse({ op, ...options });
}

function augment(
  op: AugmentationType,
  options: object,
  inputs: tf.Tensor,
  used: SeedPair = seeds,
  targets?: tf.Tensor,
) {
  const augmentation = bindAugmentations([configOf(op, options)]);
  return augmentation?.({ inputs, targets: targets ?? tf.zeros([inputs.shape[0] as number, 2]) }, used) as {
    inputs: tf.Tensor4D;
    targets: tf.Tensor;
  };
}

/** The seeds that the only augmentation of a list gets. */
const seedsOf = (op: AugmentationType, used: SeedPair = seeds) => deriveSeeds(used, `0 ${op}`);
const drawn = (op: AugmentationType, count: number, low: number, high: number, name: string) =>
  Array.from(drawUniform(count, low, high, seedsOf(op), name).dataSync());
const photos = (count: number, channels = 3) =>
  statelessUniform([count, 6, 8, channels], [77, 7]).mul(255) as tf.Tensor4D;
const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describeEachDevice("every augmentation", () => {
  test.each(kinds)("%s keeps shape, dtype and range, and depends on its seeds alone", (op, options) => {
    const inputs = photos(4);
    const first = augment(op, options, inputs);
    expect(first.inputs.shape).toEqual([4, 6, 8, 3]);
    expect(first.inputs.dtype).toBe("float32");
    expect(first.targets.shape).toEqual([4, 2]);
    const values = numbers(first.inputs);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(255.001);
    expect(numbers(augment(op, options, inputs).inputs)).toEqual(values);
    expect(numbers(augment(op, options, inputs, [11, 6]).inputs)).not.toEqual(values);
    expect(numbers(augment(op, options, inputs, [12, 5]).inputs)).not.toEqual(values);
    expect(values).not.toEqual(numbers(inputs));
  });

  test.each(kinds.filter(([op]) => op !== "mixup"))("%s draws for each image of the batch anew", (op, options) => {
    const same = tf.tile(photos(1), [8, 1, 1, 1]);
    const images = (augment(op, options, same).inputs.arraySync() as number[][][][]).map((image) =>
      JSON.stringify(image),
    );
    expect(new Set(images).size).toBeGreaterThan(1);
  });

  test.each(kinds)("%s leaves only its result behind, and the batch as it was", (op, options) => {
    const inputs = photos(3);
    const targets = tf.zeros([3, 2]);
    const before = numbers(inputs);
    const augmentation = bindAugmentations([configOf(op, options)]);
    const tensors = tf.memory().numTensors;
    const result = augmentation?.({ inputs, targets }, seeds);
    expect(tf.memory().numTensors).toBe(tensors + 2);
    tf.dispose([result?.inputs, result?.targets] as tf.Tensor[]);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(numbers(inputs)).toEqual(before);
  });
});

describeEachDevice("augmentations by their definitions", () => {
  test("flip horizontal mirrors the columns of the images drawn", () => {
    const inputs = photos(6);
    const flipped = augment("flip", {}, inputs).inputs.arraySync();
    const original = inputs.arraySync();
    const draws = drawn("flip", 6, 0, 1, "horizontal");
    expect(new Set(draws.map((draw) => draw < 0.5)).size).toBe(2);
    for (const [index, draw] of draws.entries()) {
      const rows = original[index] as number[][][];
      expect(flipped[index]).toEqual(draw < 0.5 ? rows.map((row) => row.toReversed()) : rows);
    }
  });

  test("flip vertical with probability 1 mirrors the rows of all", () => {
    const inputs = photos(2);
    const flipped = augment("flip", { direction: "vertical", probability: 1 }, inputs).inputs.arraySync();
    expect(flipped).toEqual(inputs.arraySync().map((rows) => rows.toReversed()));
  });

  test("flip with probability 0 changes nothing", () => {
    const inputs = photos(2);
    expect(numbers(augment("flip", { direction: "both", probability: 0 }, inputs).inputs)).toEqual(numbers(inputs));
  });

  test("rotate turns counterclockwise by the angle drawn", () => {
    // One bright pixel 4 to the right of the centre of 11 x 11; its centre of mass turns with it.
    const size = 11;
    const inputs = tf.buffer([6, size, size, 1]);
    for (let index = 0; index < 6; index++) inputs.set(255, index, 5, 9, 0);
    const turned = augment("rotate", { degrees: 90, fill: "constant" }, inputs.toTensor()).inputs.arraySync();
    const angles = drawn("rotate", 6, -Math.PI / 2, Math.PI / 2, "angle");
    for (const [index, angle] of angles.entries()) {
      const mass = (turned[index] as number[][][]).flatMap((row, y) => row.map(([value = 0], x) => ({ x, y, value })));
      const total = mass.reduce((sum, { value }) => sum + value, 0);
      const x = mass.reduce((sum, pixel) => sum + pixel.x * pixel.value, 0) / total - 5;
      const y = mass.reduce((sum, pixel) => sum + pixel.y * pixel.value, 0) / total - 5;
      // Bilinear reading spreads a pixel unevenly over its neighbours: up to a quarter of a pixel.
      expect(Math.abs(x - 4 * Math.cos(angle))).toBeLessThan(0.25);
      expect(Math.abs(-y - 4 * Math.sin(angle))).toBeLessThan(0.25);
    }
  });

  test("shift moves a ramp right and down by what is drawn", () => {
    // Each pixel holds its column (channel 0) and row (channel 1), so bilinear reading is exact inside.
    const ramp = tf.tensor(Array.from({ length: 9 }, (_, y) => Array.from({ length: 9 }, (_, x) => [x, y])));
    const inputs = tf.stack([ramp, ramp, ramp]) as tf.Tensor4D;
    const moved = augment("shift", { width: 0.3, height: 0.2 }, inputs).inputs.arraySync();
    const right = drawn("shift", 3, -0.3 * 9, 0.3 * 9, "right");
    const down = drawn("shift", 3, -0.2 * 9, 0.2 * 9, "down");
    for (let index = 0; index < 3; index++) {
      const [x, y] = moved[index]?.[4]?.[4] ?? [];
      expect(x).toBeCloseTo(4 - (right[index] as number), 4);
      expect(y).toBeCloseTo(4 - (down[index] as number), 4);
    }
  });

  test("zoom magnifies about the centre by the factor drawn", () => {
    const ramp = tf.tensor(Array.from({ length: 9 }, (_, y) => Array.from({ length: 9 }, (_, x) => [x, y])));
    const inputs = tf.stack([ramp, ramp, ramp]) as tf.Tensor4D;
    const zoomed = augment("zoom", { min: 0.8, max: 2 }, inputs).inputs.arraySync();
    for (const [index, factor] of drawn("zoom", 3, 0.8, 2, "factor").entries()) {
      const [x, y] = zoomed[index]?.[4]?.[6] ?? [];
      expect(x).toBeCloseTo(4 + 2 / factor, 4);
      expect(y).toBeCloseTo(4, 4);
    }
  });

  test("crop moves by whole pixels and fills up with zeros", () => {
    const inputs = photos(5, 1).add<tf.Tensor4D>(1);
    const original = inputs.squeeze([3]).arraySync() as number[][][];
    const cropped = augment("crop", { padding: 2 }, inputs).inputs.squeeze([3]).arraySync() as number[][][];
    const across = drawn("crop", 5, 0, 5, "across").map((draw) => Math.floor(draw) - 2);
    const down = drawn("crop", 5, 0, 5, "down").map((draw) => Math.floor(draw) - 2);
    for (let index = 0; index < 5; index++) {
      const [dx, dy] = [across[index] as number, down[index] as number];
      const expected = original[index]?.map((row, y) => row.map((_, x) => original[index]?.[y + dy]?.[x + dx] ?? 0));
      expect(cropped[index]).toEqual(expected);
    }
  });

  test("crop's places are uniform", () => {
    const inputs = tf.tile(tf.tensor4d([1, 2, 3, 4, 5, 6, 7], [1, 1, 7, 1]), [4000, 1, 1, 1]);
    const middle = numbers(augment("crop", { padding: 2 }, inputs).inputs.slice([0, 0, 3, 0], [4000, 1, 1, 1]));
    // Rows outside of the only one are zeros: a fifth keeps it, and then the middle is 2 to 6, each in a fifth.
    const kept = middle.filter((value) => value > 0);
    // Five standard errors: 0.0063 each for the share kept, 0.014 for shares of those.
    expect(Math.abs(kept.length / 4000 - 0.2)).toBeLessThan(0.032);
    for (const value of [2, 3, 4, 5, 6]) {
      expect(Math.abs(kept.filter((each) => each === value).length / kept.length - 0.2)).toBeLessThan(0.071);
    }
  });

  test("brightness adds 255 times the number drawn and clips", () => {
    const inputs = tf.tensor4d([0, 100, 250, 0, 100, 250], [2, 1, 3, 1]);
    const added = drawn("brightness", 2, -255 * 0.4, 255 * 0.4, "added");
    const expected = added.flatMap((add) => [0, 100, 250].map((x) => Math.min(255, Math.max(0, x + add))));
    for (const [index, value] of numbers(augment("brightness", { amount: 0.4 }, inputs).inputs).entries()) {
      expect(value).toBeCloseTo(expected[index] as number, 3);
    }
  });

  test("contrast spreads each channel about its own mean", () => {
    // Two pixels of two channels: means 110 and 60.
    const inputs = tf.tensor4d([100, 50, 120, 70], [1, 1, 2, 2]);
    const [factor = 0] = drawn("contrast", 1, 0.5, 1.5, "factor");
    const expected = [110 - 10 * factor, 60 - 10 * factor, 110 + 10 * factor, 60 + 10 * factor];
    for (const [index, value] of numbers(augment("contrast", { amount: 0.5 }, inputs).inputs).entries()) {
      expect(value).toBeCloseTo(expected[index] as number, 3);
    }
  });

  test("saturation moves colours on the line through their gray", () => {
    const inputs = tf.tensor4d([200, 100, 50], [1, 1, 1, 3]);
    const [factor = 0] = drawn("saturation", 1, 0.5, 1.5, "factor");
    const gray = 0.299 * 200 + 0.587 * 100 + 0.114 * 50;
    const expected = [200, 100, 50].map((x) => gray + factor * (x - gray));
    for (const [index, value] of numbers(augment("saturation", { amount: 0.5 }, inputs).inputs).entries()) {
      expect(value).toBeCloseTo(expected[index] as number, 3);
    }
  });

  test("saturation on one channel is an error of the config that names its place", () => {
    expect(() => augment("saturation", {}, photos(1, 1))).toThrow(ConfigError);
    expect(() => augment("saturation", {}, photos(1, 1))).toThrow("data.augment[0]: saturation needs colour images");
  });

  test("erasing overwrites one rectangle of the size and place drawn", () => {
    const [count, height, width] = [12, 20, 30];
    const options = { probability: 0.6, minArea: 0.05, maxArea: 0.3, value: 9 };
    const inputs = tf.fill([count, height, width, 3], 100) as tf.Tensor4D;
    const erased = augment("erasing", options, inputs).inputs.arraySync();
    const area = drawn("erasing", count, 0.05, 0.3, "area");
    const ratio = drawn("erasing", count, Math.log(0.3), Math.log(3.3), "ratio").map(Math.exp);
    const [top, left, chance] = ["top", "left", "probability"].map((name) => drawn("erasing", count, 0, 1, name)) as [
      number[],
      number[],
      number[],
    ];
    for (const [index, image] of erased.entries()) {
      const side = (square: number, limit: number) => Math.min(limit, Math.max(1, Math.round(Math.sqrt(square))));
      const pixels = (area[index] as number) * height * width;
      const rows = side(pixels * (ratio[index] as number), height);
      const columns = side(pixels / (ratio[index] as number), width);
      const y0 = Math.floor((height - rows + 1) * (top[index] as number));
      const x0 = Math.floor((width - columns + 1) * (left[index] as number));
      const isErased = (chance[index] as number) < 0.6;
      const isInside = (y: number, x: number) => y >= y0 && y < y0 + rows && x >= x0 && x < x0 + columns;
      const expected = image.map((row, y) => row.map((_, x) => Array(3).fill(isErased && isInside(y, x) ? 9 : 100)));
      expect(image).toEqual(expected);
    }
  });

  test("mixup mixes each image and its target with the next by the same weight", () => {
    const inputs = tf.tensor4d([10, 20, 40], [3, 1, 1, 1]);
    const targets = tf.tensor2d([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]);
    const mixed = augment("mixup", { alpha: 0.8 }, inputs, seeds, targets);
    const [a, b, c] = numbers(drawSymmetricBeta(3, 0.8, seedsOf("mixup"))) as [number, number, number];
    const expected = [10 * a + 20 * (1 - a), 20 * b + 40 * (1 - b), 40 * c + 10 * (1 - c)];
    for (const [index, value] of numbers(mixed.inputs).entries())
      expect(value).toBeCloseTo(expected[index] as number, 4);
    const rows = [a, 1 - a, 0, 0, b, 1 - b, 1 - c, 0, c];
    for (const [index, value] of numbers(mixed.targets).entries()) expect(value).toBeCloseTo(rows[index] as number, 6);
  });

  test("mixup works on feature vectors, and on a batch of one, which it leaves", () => {
    const mixed = augment("mixup", {}, tf.tensor2d([1, 2, 3], [1, 3]), seeds, tf.tensor2d([[0, 1]]));
    expect(numbers(mixed.inputs)).toEqual([1, 2, 3]);
    expect(numbers(mixed.targets)).toEqual([0, 1]);
  });

  test("several run in their order, each with seeds of its own", () => {
    const inputs = photos(3);
    const configs = [configOf("flip", {}), configOf("flip", {})];
    const both = bindAugmentations(configs)?.({ inputs, targets: tf.zeros([3, 1]) }, seeds).inputs as tf.Tensor4D;
    const once = (index: number, images: tf.Tensor4D) => {
      const draw = drawUniform(3, 0, 1, deriveSeeds(seeds, `${index} flip`), "horizontal").less(0.5);
      return tf.where(draw.reshape([3, 1, 1, 1]), images.reverse(2), images);
    };
    expect(numbers(both)).toEqual(numbers(once(1, once(0, inputs))));
  });
});

describeEachDevice("drawSymmetricBeta", () => {
  test.each([0.1, 0.2, 0.5, 1, 2.5, 30])("has the moments and quantiles of Beta(%d, same)", (alpha) => {
    const count = 40_000;
    const values = numbers(drawSymmetricBeta(count, alpha, [3, 9]));
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    // Of Beta(a, a): variance 1 / (4 (2a + 1)), fourth central moment 3 / (16 (2a + 1) (2a + 3)).
    const variance = 1 / (4 * (2 * alpha + 1));
    const fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
    const centred = values.map((value) => value - 0.5);
    // Five standard errors each; the eighth moment is at most 1/256.
    expect(Math.abs(mean(centred))).toBeLessThan(5 * Math.sqrt(variance / count));
    expect(Math.abs(mean(centred.map((x) => x ** 2)) - variance)).toBeLessThan(
      5 * Math.sqrt((fourth - variance ** 2) / count),
    );
    expect(Math.abs(mean(centred.map((x) => x ** 4)) - fourth)).toBeLessThan(5 * Math.sqrt(1 / 256 / count));
  });

  test("is the arcsine law for alpha 1/2 and uniform for alpha 1", () => {
    const laws: [number, (x: number) => number][] = [
      [0.5, (x) => (2 / Math.PI) * Math.asin(Math.sqrt(x))],
      [1, (x) => x],
    ];
    for (const [alpha, distribution] of laws) {
      const values = numbers(drawSymmetricBeta(20_000, alpha, [4, 4])).sort((a, b) => a - b);
      const distance = Math.max(...values.map((x, index) => Math.abs(distribution(x) - index / 20_000)));
      // Kolmogorov-Smirnov: 1.95 / sqrt(n) is exceeded once in a thousand.
      expect(distance).toBeLessThan(1.95 / Math.sqrt(20_000));
    }
  });
});

describeNative("augmentations agree across devices", () => {
  test.each(kinds)("%s", async (op, options) => {
    const run = () => numbers(augment(op, options, photos(5)).inputs);
    const native = run();
    await startRuntime("js");
    try {
      const differences = run().map((value, index) => Math.abs(value - (native[index] as number)));
      // Pixels are in [0, 255]; float32 roundings of coordinates and means.
      expect(Math.max(...differences)).toBeLessThan(5e-3);
    } finally {
      await startRuntime("cpu");
    }
  });
});

describe("augmentationSchema", () => {
  test.each(kinds)("%s: takes its sample, fills in defaults, and refuses unknown keys", (op, options) => {
    expect(augmentationSchema.parse({ op, ...options })).toMatchObject({ op, ...options });
    expect(augmentationSchema.safeParse({ op }).success).toBe(true);
    expect(augmentationSchema.safeParse({ op, ...options, colour: 1 }).success).toBe(false);
  });

  test.each([
    [{ op: "zoom", min: 2, max: 1 }, "data.augment[0]: min (2) is greater than max (1)"],
    [{ op: "erasing", minArea: 0.5 }, "data.augment[0]: minArea (0.5) is greater than maxArea (0.33)"],
    [{ op: "erasing", minRatio: 4 }, "data.augment[0]: minRatio (4) is greater than maxRatio (3.3)"],
  ])("%j is a problem", (config, expected) => {
    const configs = [augmentationSchema.parse(config)];
    expect(() => bindAugmentations(configs)).toThrow(ConfigError);
    const [problem] = checkAugmentations(configs);
    expect(`${problem?.path}: ${problem?.message}`).toBe(expected);
  });

  test("no augmentations are none", () => {
    expect(bindAugmentations([])).toBeUndefined();
  });
});
