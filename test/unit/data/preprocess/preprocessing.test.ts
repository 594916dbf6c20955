import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { ExampleInputs, ExampleSet, ImageSource } from "../../../../src/data/example-set";
import { preprocessSchema } from "../../../../src/data/preprocess/preprocess-config";
import {
  fitPreprocessing,
  type Preprocessing,
  restorePreprocessing,
} from "../../../../src/data/preprocess/preprocessing";
import { tf } from "../../../../src/runtime/tf";
import { ConfigError, DataError, ModelFolderError } from "../../../../src/shared/errors";
import { describeEachDevice, startJsRuntime } from "../../../helpers/runtime";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-preprocess-"));
  await startJsRuntime();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function png(name: string, data: number[], width: number, channels: 1 | 3 | 4): Promise<ImageSource> {
  const path = join(folder, name);
  const raw = { width, height: data.length / width / channels, channels };
  const written = sharp(Uint8Array.from(data), { raw }).toColourspace(channels === 1 ? "b-w" : "srgb");
  writeFileSync(path, await written.png().toBuffer());
  return { path };
}

const flat = (width: number, height: number, colour: number[]) =>
  Array(width * height)
    .fill(colour)
    .flat() as number[];
const pixelSource = (data: number[], width: number): ImageSource => ({
  pixels: Uint8Array.from(data),
  width,
  height: data.length / width,
  channels: 1,
});

function setOf(inputs: ExampleInputs): ExampleSet {
  const targets = { kind: "class", labels: ["a", "b"], indices: new Int32Array(inputs.count) } as const;
  return {
    inputs,
    targets,
    count: inputs.count,
    ownSplit: () => undefined,
    origin: (i) => `example ${i}`,
    warnings: [],
  };
}
/** `reads` counts how often the source of an image was asked for: once for each decoding, and some for measuring. */
function images(sources: ImageSource[]): ExampleSet & { reads: number } {
  const set = {
    ...setOf({
      kind: "image",
      count: sources.length,
      image(index: number) {
        set.reads++;
        return sources[index] as ImageSource;
      },
    }),
    reads: 0,
  };
  return set;
}
function vectors(names: string[], rows: number[][]): ExampleSet {
  return setOf({ kind: "vector", count: rows.length, names, values: Float32Array.from(rows.flat()) });
}
const all = (set: ExampleSet) => Int32Array.from({ length: set.count }, (_, index) => index);
const origin = (index: number) => `example ${index}`;

function prepare(ops: object[], set: ExampleSet, examples = all(set)): Promise<Preprocessing> {
  return fitPreprocessing(preprocessSchema.parse(ops), set, examples);
}
async function encode(preprocessing: Preprocessing, { inputs }: ExampleSet, examples: number[], cache?: "none") {
  const encoded = preprocessing.encode(inputs, { origin, cache: cache ?? "memory" });
  try {
    const { data, shape } = await encoded.read(Int32Array.from(examples));
    return { data: Array.from(data), shape, dtype: data.constructor.name };
  } finally {
    await encoded.close();
  }
}
/** What the model sees: the host's half, then the device's. */
async function seen(preprocessing: Preprocessing, set: ExampleSet, examples: number[]): Promise<number[]> {
  const { data, shape } = await encode(preprocessing, set, examples);
  return tf.tidy(() => Array.from(preprocessing.deviceStage(tf.tensor(data, [...shape], "float32")).dataSync()));
}
async function failure(promise: Promise<unknown>): Promise<Error & { hint?: string }> {
  return promise.then(
    () => Promise.reject(new Error("nothing was thrown")),
    (error: Error) => error,
  );
}

describe("image preprocessing", () => {
  test("runs the ops in the order given: resize, crop, resize", async () => {
    // Four 4 x 4 blocks; the crop keeps the two on the right, the last resize makes each a pixel.
    const rows = (left: number, right: number) => flat(1, 4, [...flat(4, 1, [left]), ...flat(4, 1, [right])]);
    const set = images([
      await png(
        "blocks.png",
        [...rows(10, 20), ...rows(30, 40)].flatMap((v) => [v, v, v]),
        8,
        3,
      ),
    ]);
    const nearest = { op: "resize", kernel: "nearest", fit: "fill" };
    const ops = [
      { ...nearest, width: 16, height: 16 },
      { op: "crop", width: 8, height: 16, position: "right" },
      { ...nearest, width: 1, height: 2 },
      { op: "grayscale" },
    ];
    const preprocessing = await prepare(ops, set);
    expect(preprocessing.shape).toEqual([2, 1, 1]);
    expect(preprocessing.dtype).toBe("uint8");
    expect(await encode(preprocessing, set, [0])).toEqual({ data: [20, 40], shape: [1, 2, 1, 1], dtype: "Uint8Array" });
    const swapped = await prepare(
      [ops[1] as object, ops[0] as object],
      images([await png("big.png", flat(16, 16, [1, 2, 3]), 16, 3)]),
    );
    expect(swapped.shape).toEqual([16, 16, 3]);
  });

  test("gives examples in the order asked for, twice if asked twice", async () => {
    const set = images(await Promise.all([5, 6, 7].map((v) => png(`v${v}.png`, [v, v, v], 1, 3))));
    const preprocessing = await prepare([], set);
    expect((await encode(preprocessing, set, [2, 0, 2, 1])).data).toEqual([7, 5, 7, 6].flatMap((v) => [v, v, v]));
    expect(await encode(preprocessing, set, [])).toMatchObject({ data: [], shape: [0, 1, 1, 3] });
  });

  test("article pipeline: resize, crop, grayscale, divide by 255", async () => {
    const set = images([await png("wide.png", flat(30, 20, [100, 100, 100]), 30, 3)]);
    const ops = [
      { op: "resize", width: 16, height: 16, fit: "cover" },
      { op: "crop", width: 14, height: 14, position: "centre" },
      { op: "grayscale" },
      { op: "normalize", scale: 255 },
    ];
    const preprocessing = await prepare(ops, set);
    expect(preprocessing.shape).toEqual([14, 14, 1]);
    const values = await seen(preprocessing, set, [0]);
    expect(values).toHaveLength(196);
    for (const value of values) expect(value).toBeCloseTo(100 / 255, 6);
  });

  test("normalize works channel by channel: (x / scale - mean) / std", async () => {
    const set = images([await png("rgb.png", [51, 102, 204], 1, 3)]);
    const preprocessing = await prepare(
      [{ op: "normalize", scale: 255, mean: [0.1, 0.2, 0.3], std: [1, 2, 0.5] }],
      set,
    );
    const expected = [(0.2 - 0.1) / 1, (0.4 - 0.2) / 2, (0.8 - 0.3) / 0.5];
    for (const [index, value] of (await seen(preprocessing, set, [0])).entries()) {
      expect(value).toBeCloseTo(expected[index] as number, 6);
    }
  });

  test("transparency is blended on black, or on the background asked for, which is recorded", async () => {
    const set = images([await png("clear.png", [200, 100, 50, 0], 1, 4)]);
    expect((await encode(await prepare([], set), set, [0])).data).toEqual([0, 0, 0]);
    const onWhite = await fitPreprocessing([], set, all(set), { background: [255, 254, 253] });
    const restored = restorePreprocessing(JSON.parse(JSON.stringify(onWhite.record)));
    expect((await encode(restored, set, [0])).data).toEqual([255, 254, 253]);
  });

  test("a model of gray pixels takes PNG files, gray ones unchanged and colours by the grayscale formula", async () => {
    const set = images([pixelSource([1, 2, 3, 4], 2)]);
    const preprocessing = restorePreprocessing((await prepare([], set)).record);
    expect(preprocessing.shape).toEqual([2, 2, 1]);
    expect((await encode(preprocessing, set, [0])).data).toEqual([1, 2, 3, 4]);
    const files = images([
      await png("gray.png", [0, 77, 128, 255], 2, 1),
      await png("colour.png", [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9], 2, 3),
    ]);
    expect((await encode(preprocessing, files, [0, 1])).data).toEqual([0, 77, 128, 255, 127, 220, 76, 9]);
  });

  test("a model of colour images takes gray pixels as three equal channels", async () => {
    const preprocessing = await prepare([], images([await png("one.png", [1, 2, 3, 4, 5, 6], 2, 3)]));
    const gray = images([pixelSource([8, 9], 2)]);
    expect((await encode(preprocessing, gray, [0])).data).toEqual([8, 8, 8, 9, 9, 9]);
  });

  test("an image of another size than the model's is refused with both sizes", async () => {
    const preprocessing = restorePreprocessing((await prepare([], images([pixelSource([1, 2, 3, 4], 2)]))).record);
    const other = images([await png("other.png", flat(3, 2, [0, 0, 0]), 3, 3)]);
    const error = await failure(encode(preprocessing, other, [0]));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe("example 0: the image is 3x2, and the model takes 2x2");
    expect(error.hint).toContain("resize");
  });

  test("with a resize, images of every size are taken, also by a model of idx pixels", async () => {
    const preprocessing = await prepare(
      [{ op: "resize", width: 2, height: 2 }],
      images([pixelSource(flat(4, 4, [50]), 4)]),
    );
    const other = images([await png("large.png", flat(9, 5, [60, 60, 60]), 9, 3)]);
    expect((await encode(restorePreprocessing(preprocessing.record), other, [0])).data).toEqual([60, 60, 60, 60]);
  });

  test("images that differ in size, with nothing that makes them one, are refused before training", async () => {
    const set = images([
      await png("a.png", flat(2, 2, [0, 0, 0]), 2, 3),
      await png("b.png", flat(3, 2, [0, 0, 0]), 3, 3),
    ]);
    const error = await failure(prepare([{ op: "normalize", scale: 255 }], set));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain("example 0 is 2x2, example 1 is 3x2");
    expect(error.hint).toContain('"op": "resize"');
    // A crop makes them one as well, and each image is checked against it.
    expect((await prepare([{ op: "crop", width: 2, height: 2 }], set)).shape).toEqual([2, 2, 3]);
  });

  test("a crop larger than an image is refused: by config where sizes are known, else when it is read", async () => {
    const config = await failure(
      prepare([{ op: "crop", width: 3, height: 3 }], images([pixelSource([1, 2, 3, 4], 2)])),
    );
    expect(config).toBeInstanceOf(ConfigError);
    expect(config.message).toBe("data.preprocess[0]: can't crop 3x3 out of an image of 2x2");
    const set = images([await png("small.png", flat(2, 2, [0, 0, 0]), 2, 3)]);
    const error = await failure(
      prepare([{ op: "crop", width: 3, height: 3 }], set).then((fitted) => encode(fitted, set, [0])),
    );
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe("example 0: can't crop 3x3 out of an image of 2x2");
    expect(error.hint).toContain("resize");
  });

  test("a damaged image is a DataError naming it, and the others can still be read", async () => {
    const path = join(folder, "text.png");
    writeFileSync(path, "no picture");
    const set = images([await png("sound.png", [1, 2, 3], 1, 3), { path }]);
    const preprocessing = await prepare([{ op: "resize", width: 1, height: 1 }], set);
    const encoded = preprocessing.encode(set.inputs, { origin });
    const error = await failure(encoded.read(Int32Array.of(0, 1)));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain("example 1: is not an image");
    expect(Array.from((await encoded.read(Int32Array.of(0))).data)).toEqual([1, 2, 3]);
    await encoded.close();
  });

  test.each(["memory", "disk", "auto"] as const)("with cache %s the second epoch decodes nothing", async (cache) => {
    const sources = await Promise.all(
      Array.from({ length: 40 }, (_, v) => png(`epoch-${cache}-${v}.png`, [v, v, v], 1, 3)),
    );
    const set = images(sources);
    const preprocessing = await prepare([{ op: "resize", width: 2, height: 1 }], set);
    const encoded = preprocessing.encode(set.inputs, { origin, cache });
    const first = await encoded.read(all(set));
    for (const source of sources) if ("path" in source) rmSync(source.path);
    const second = await encoded.read(all(set).toReversed());
    expect(Array.from(second.data)).toEqual(Array.from(first.data).reverse());
    await encoded.close();
  });

  test("with cache none every read decodes", async () => {
    const set = images([await png("again.png", [1, 2, 3], 1, 3)]);
    const encoded = (await prepare([], set)).encode(set.inputs, { origin, cache: "none" });
    set.reads = 0;
    await encoded.read(all(set));
    await encoded.read(all(set));
    expect(set.reads).toBe(2);
  });

  test("an aborted signal stops the reading with its reason", async () => {
    const set = images(await Promise.all([1, 2, 3].map((v) => png(`stop${v}.png`, [v, v, v], 1, 3))));
    const encoded = (await prepare([], set)).encode(set.inputs, { origin });
    const reason = new Error("stop");
    expect(await failure(encoded.read(all(set), AbortSignal.abort(reason)))).toBe(reason);
    await encoded.close();
  });

  test("without training examples there is nothing to fit on", async () => {
    const set = images([pixelSource([1], 1)]);
    expect(await failure(prepare([], set, new Int32Array(0)))).toBeInstanceOf(DataError);
  });
});

describe("vector preprocessing", () => {
  const rows = [
    [1, 10, 5],
    [2, 30, 5],
    [6, 20, 5],
    [1000, -1000, 9],
  ];
  const set = vectors(["a", "b", "c"], rows);
  const training = Int32Array.of(0, 1, 2);

  test("standardize takes mean and deviation of the training examples alone; a constant column becomes 0", async () => {
    const preprocessing = await prepare([{ op: "standardize" }], set, training);
    expect(preprocessing.shape).toEqual([3]);
    expect(preprocessing.dtype).toBe("float32");
    // a: mean 3, deviation sqrt((4 + 1 + 9) / 3); b: mean 20, deviation sqrt(200 / 3).
    const [a, b] = [Math.sqrt(14 / 3), Math.sqrt(200 / 3)];
    const expected = [-2 / a, -10 / b, 0, 997 / a, -1020 / b, 4];
    for (const [index, value] of (await seen(preprocessing, set, [0, 3])).entries()) {
      expect(value).toBeCloseTo(expected[index] as number, 3);
    }
  });

  test("minMax maps the training examples' range to [0, 1] and does not clip", async () => {
    const preprocessing = await prepare([{ op: "minMax" }], set, training);
    const expected = [0, 0, 0, 0.2, 1, 0, 1, 0.5, 0, 999 / 5, -1010 / 20, 4];
    for (const [index, value] of (await seen(preprocessing, set, [0, 1, 2, 3])).entries()) {
      expect(value).toBeCloseTo(expected[index] as number, 4);
    }
  });

  test("ops are fitted on what the ops before them leave", async () => {
    const preprocessing = await prepare(
      [{ op: "normalize", scale: 10, mean: [0, 1, 0] }, { op: "minMax" }],
      set,
      training,
    );
    expect((await seen(preprocessing, set, [1])).map((value) => Math.round(value * 1e4) / 1e4)).toEqual([0.2, 1, 0]);
  });

  test("a column that is constant but for roundings of its mean stays finite", async () => {
    const tenth = vectors(["a"], Array(7).fill([0.1]));
    expect(await seen(await prepare([{ op: "standardize" }], tenth), tenth, [0])).toEqual([0]);
  });

  test("columns are found by name, in any order; a missing one is named", async () => {
    const preprocessing = restorePreprocessing((await prepare([], set, training)).record);
    const shuffled = vectors(["c", "x", "a", "b"], [[5, 99, 1, 10]]);
    expect((await encode(preprocessing, shuffled, [0])).data).toEqual([1, 10, 5]);
    const error = await failure(Promise.resolve().then(() => encode(preprocessing, vectors(["a"], [[1]]), [0])));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe("The inputs lack columns: b, c");
  });

  test.each([
    [Number.NaN, "example 1: column b has no value"],
    [Number.POSITIVE_INFINITY, "example 1: column b is too large for float32"],
  ])("%d in a row is refused with the row and column", async (value, message) => {
    const bad = vectors(
      ["a", "b"],
      [
        [1, 2],
        [3, value],
      ],
    );
    const preprocessing = await prepare([], bad, Int32Array.of(0));
    expect((await failure(encode(preprocessing, bad, [0, 1]))).message).toBe(message);
  });
});

describe("records", () => {
  test("restore to the same pixels and numbers after JSON", async () => {
    const set = images([
      await png(
        "noise.png",
        Array.from({ length: 9 * 7 * 3 }, (_, i) => (i * 7919) % 256),
        9,
        3,
      ),
    ]);
    const ops = [
      { op: "resize", width: 6, height: 5 },
      { op: "crop", width: 4, height: 4, left: 1, top: 0 },
      { op: "normalize", scale: 255, mean: 0.5, std: [0.1, 0.2, 0.3] },
    ];
    const fitted = await prepare(ops, set);
    const restored = restorePreprocessing(JSON.parse(JSON.stringify(fitted.record)));
    expect(restored.shape).toEqual(fitted.shape);
    expect(restored.record).toEqual(fitted.record);
    expect(await seen(restored, set, [0])).toEqual(await seen(fitted, set, [0]));
    const table = vectors(
      ["a", "b"],
      [
        [1, 2],
        [3, 5],
      ],
    );
    const scaled = await prepare([{ op: "standardize" }], table);
    expect(await seen(restorePreprocessing(JSON.parse(JSON.stringify(scaled.record))), table, [1])).toEqual(
      await seen(scaled, table, [1]),
    );
  });

  test("say how images are decoded", async () => {
    const { record } = await prepare([], images([pixelSource([1], 1)]));
    expect(record).toMatchObject({
      kind: "image",
      decode: { orientation: "exif applied", profile: "converted to sRGB", alpha: "blended", background: [0, 0, 0] },
      input: { width: 1, height: 1, channels: 1 },
    });
  });

  test.each([
    ["nothing", undefined],
    ["another kind", { kind: "sound" }],
    ["no names", { kind: "vector", names: [], normalize: [] }],
    ["a divisor of 0", { kind: "vector", names: ["a"], normalize: [{ scale: [0], mean: [0], std: [1] }] }],
    ["an unknown key", { kind: "vector", names: ["a"], normalize: [], run: "rm" }],
  ])("with %s are refused", (_, record) => {
    expect(() => restorePreprocessing(record)).toThrow(ModelFolderError);
  });

  test("that decode in a way this version does not know, or can't fit together, are refused", async () => {
    const { record } = await prepare([{ op: "crop", width: 1, height: 1 }], images([pixelSource([1, 2, 3, 4], 2)]));
    const changed = (change: object) => restorePreprocessing({ ...record, ...change });
    expect(() =>
      changed({ decode: { ...(record.kind === "image" ? record.decode : {}), profile: "ignored" } }),
    ).toThrow(ModelFolderError);
    expect(() => changed({ ops: [] })).toThrow("the size of its images is not fixed");
    expect(() =>
      changed({ input: { width: 1, height: 1, channels: 1 }, ops: [{ op: "crop", width: 2, height: 2 }] }),
    ).toThrow("can't crop 2x2");
  });

  test("refuse inputs of another kind", async () => {
    const image = await prepare([], images([pixelSource([1], 1)]));
    const table = vectors(["a"], [[1]]);
    expect(() => image.encode(table.inputs, { origin })).toThrow("The model takes images, and the inputs are numbers");
    const numbers = await prepare([], table);
    expect(() => numbers.encode(images([]).inputs, { origin })).toThrow(
      "The model takes numbers, and the inputs are images",
    );
  });
});

describeEachDevice("the device's half", () => {
  test("leaves its input and gives one tensor of its own, also where nothing is to be done", async () => {
    const set = vectors(
      ["a", "b"],
      [
        [1, 2],
        [3, 4],
      ],
    );
    for (const ops of [[], [{ op: "standardize" }], [{ op: "normalize", scale: 2, mean: 1, std: 4 }]]) {
      const { deviceStage } = await prepare(ops, set);
      const inputs = tf.tensor2d([1, 2, 3, 4], [2, 2]);
      const before = tf.memory().numTensors;
      const outputs = deviceStage(inputs);
      expect(tf.memory().numTensors).toBe(before + 1);
      outputs.dispose();
      expect(Array.from(inputs.dataSync())).toEqual([1, 2, 3, 4]);
      inputs.dispose();
    }
  });
});
