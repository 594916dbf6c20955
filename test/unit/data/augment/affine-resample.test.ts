import { type AffineMaps, affineResample, type Resampling } from "../../../../src/data/augment/affine-resample";
import { startRuntime } from "../../../../src/runtime/start-runtime";
import { statelessUniform } from "../../../../src/runtime/stateless-random";
import { tf } from "../../../../src/runtime/tf";
import { describeEachDevice, describeNative, describeOwnOps } from "../../../helpers/runtime";

/** Maps for a batch: each entry is [xx, xy, yx, yy, x, y] of one image. */
function maps(...images: [number, number, number, number, number, number][]): AffineMaps {
  const each = (key: number) => tf.tensor1d(images.map((image) => image[key] as number));
  return { xx: each(0), xy: each(1), yx: each(2), yy: each(3), x: each(4), y: each(5) };
}

const image = (rows: number[][]) => tf.tensor4d(rows.flat(), [1, rows.length, rows[0]?.length ?? 0, 1]);
const rowsOf = (images: tf.Tensor4D) => images.squeeze([3]).arraySync() as number[][][];
const bilinear = (fill: Resampling["fill"], fillValue = 0): Resampling => ({
  fill,
  fillValue,
  interpolation: "bilinear",
});

describeEachDevice("affineResample", () => {
  const picture = [
    [1, 2, 3],
    [4, 5, 6],
  ];

  test("the identity gives the same pixels", () => {
    expect(rowsOf(affineResample(image(picture), maps([1, 0, 0, 1, 0, 0]), bilinear("reflect")))).toEqual([picture]);
  });

  test.each([
    // Reading one pixel further to the right moves the content to the left.
    [
      "reflect",
      [
        [2, 3, 3],
        [5, 6, 6],
      ],
    ],
    [
      "nearest",
      [
        [2, 3, 3],
        [5, 6, 6],
      ],
    ],
    [
      "constant",
      [
        [2, 3, 9],
        [5, 6, 9],
      ],
    ],
  ] as const)("a move by a whole pixel, outside %s", (fill, expected) => {
    expect(rowsOf(affineResample(image(picture), maps([1, 0, 0, 1, 1, 0]), bilinear(fill, 9)))).toEqual([expected]);
  });

  test("mirrors at the edge of the last pixel: dcba|abcd|dcba", () => {
    const moved = affineResample(image([[1, 2, 3, 4]]), maps([1, 0, 0, 1, 3, 0]), bilinear("reflect"));
    expect(rowsOf(moved)).toEqual([[[4, 4, 3, 2]]]);
    const back = affineResample(image([[1, 2, 3, 4]]), maps([1, 0, 0, 1, -3, 0]), bilinear("reflect"));
    expect(rowsOf(back)).toEqual([[[3, 2, 1, 1]]]);
  });

  test("between pixels, neighbours are weighed by their nearness", () => {
    // Read at x + 1/4 and y + 1/2: 0.75 and 0.25 across, halves down.
    const [[first]] = rowsOf(affineResample(image(picture), maps([1, 0, 0, 1, 0.25, 0.5]), bilinear("nearest"))) as [
      number[][],
    ];
    const across = [0.75 * 1 + 0.25 * 2, 0.75 * 4 + 0.25 * 5] as const;
    expect(first?.[0]).toBeCloseTo((across[0] + across[1]) / 2, 5);
  });

  test("each image of a batch has a map of its own", () => {
    const square = [
      [1, 2],
      [3, 4],
    ];
    const batch = tf.concat([image(square), image(square), image(square)], 0) as tf.Tensor4D;
    // Nothing, left and right exchanged, transposed.
    const each = maps([1, 0, 0, 1, 0, 0], [-1, 0, 0, 1, 0, 0], [0, 1, 1, 0, 0, 0]);
    expect(rowsOf(affineResample(batch, each, bilinear("constant")))).toEqual([
      square,
      [
        [2, 1],
        [4, 3],
      ],
      [
        [1, 3],
        [2, 4],
      ],
    ]);
  });
});

describeOwnOps("affineResample by an operation of its own", () => {
  test.each(["reflect", "nearest", "constant"] as const)("outside %s, it reads what TensorFlow's reads", (fill) => {
    for (const interpolation of ["nearest", "bilinear"] as const) {
      const images = statelessUniform([6, 9, 5, 4], [1, 2]).mul(255) as tf.Tensor4D;
      const draw = (seed: number, size: number) =>
        statelessUniform([6], [seed, 3]).sub<tf.Tensor1D>(0.5).mul<tf.Tensor1D>(size);
      // Whole moves, some by more than twice the image, then turned and stretched.
      const whole = maps(
        ...([0, 1, -3, 7, 12, -26] as const).map(
          (step) => [1, 0, 0, 1, step, -step] as [number, number, number, number, number, number],
        ),
      );
      const any = { xx: draw(1, 4), xy: draw(2, 4), yx: draw(3, 4), yy: draw(4, 4), x: draw(5, 50), y: draw(6, 50) };
      for (const each of [whole, any]) {
        const read = () => affineResample(images, each, { fill, fillValue: 12, interpolation }).dataSync();
        const own = read();
        process.env.DLCTL_NATIVE_OPS = "off";
        const theirs = read();
        delete process.env.DLCTL_NATIVE_OPS;
        const differences = Array.from(own, (value, index) => Math.abs(value - (theirs[index] as number)));
        // Pixels are in [0, 255]; coordinates, up to 40, differ by float32 roundings of about 4e-6.
        expect(Math.max(...differences)).toBeLessThan(each === whole ? 1e-9 : 5e-3);
      }
    }
  });

  test("a place that is no number is outside", () => {
    const read = affineResample(image([[1, 2]]), maps([Number.NaN, 0, 0, 1, 0, 0]), {
      ...bilinear("reflect", 7),
      interpolation: "nearest",
    });
    expect(rowsOf(read)).toEqual([[[7, 7]]]);
  });
});

describeNative("affineResample agrees across devices", () => {
  test.each([
    ["reflect", "bilinear"],
    ["nearest", "bilinear"],
    ["constant", "bilinear"],
    ["constant", "nearest"],
  ] as const)("outside %s, %s", async (fill, interpolation) => {
    const resample = () =>
      tf.tidy(() => {
        const images = statelessUniform([5, 7, 6, 3], [1, 2]).mul(255) as tf.Tensor4D;
        const draw = (seed: number) => statelessUniform([5], [seed, 3]).sub<tf.Tensor1D>(0.5).mul<tf.Tensor1D>(4);
        const each = { xx: draw(1), xy: draw(2), yx: draw(3), yy: draw(4), x: draw(5), y: draw(6) };
        return affineResample(images, each, { fill, fillValue: 12, interpolation }).dataSync();
      });
    const native = Array.from(resample());
    await startRuntime("js");
    try {
      const differences = Array.from(resample(), (value, index) => Math.abs(value - (native[index] as number)));
      // Pixels are in [0, 255]; coordinates differ by float32 roundings of about 1e-6.
      expect(Math.max(...differences)).toBeLessThan(2e-3);
    } finally {
      await startRuntime("cpu");
    }
  });
});
