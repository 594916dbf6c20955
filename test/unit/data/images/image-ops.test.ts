import { applyImageOp, imageOpFormat, imageOpSchema } from "../../../../src/data/image-op-config";
import type { Pixels } from "../../../../src/data/images/define-image-op";
import type { ImageOpType } from "../../../../src/data/images/image-op-definitions";
import { DataError } from "../../../../src/shared/errors";

const samples = {
  resize: { width: 4, height: 2 },
  crop: { width: 2, height: 1 },
  grayscale: {},
} satisfies Record<ImageOpType, object>;

function pixels(rows: number[][], channels: 1 | 3 = 1): Pixels {
  const width = (rows[0]?.length ?? 0) / channels;
  return { data: Uint8Array.from(rows.flat()), width, height: rows.length, channels };
}

async function apply(config: object, input: Pixels): Promise<{ rows: number[][]; channels: number }> {
  const { data, width, height, channels } = await applyImageOp(imageOpSchema.parse(config), input);
  const row = width * channels;
  const rows = Array.from({ length: height }, (_, y) => Array.from(data.subarray(y * row, (y + 1) * row)));
  expect(data).toHaveLength(width * height * channels);
  return { rows, channels };
}

const colours = pixels(
  [
    [255, 0, 0, 0, 255, 0, 0, 0, 255],
    [10, 10, 10, 100, 150, 200, 255, 255, 255],
  ],
  3,
);

test.each(Object.entries(samples))(
  "%s: gives the format that it announces and leaves its input",
  async (op, options) => {
    const config = imageOpSchema.parse({ op, ...options });
    for (const input of [
      colours,
      pixels([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ]) {
      const before = Array.from(input.data);
      const { width, height, channels } = await applyImageOp(config, input);
      expect({ width, height, channels }).toEqual(imageOpFormat(config, input));
      expect(Array.from(input.data)).toEqual(before);
    }
    expect(imageOpSchema.safeParse({ op, ...options, colour: 1 }).success).toBe(false);
  },
);

describe("crop", () => {
  const numbered = pixels([
    [0, 1, 2, 3, 4],
    [5, 6, 7, 8, 9],
    [10, 11, 12, 13, 14],
    [15, 16, 17, 18, 19],
  ]);

  test.each([
    [
      { left: 3, top: 1 },
      [
        [8, 9],
        [13, 14],
      ],
    ],
    [
      { left: 0, top: 0 },
      [
        [0, 1],
        [5, 6],
      ],
    ],
    // 3 columns too many: 1 left and 2 right.
    [
      {},
      [
        [6, 7],
        [11, 12],
      ],
    ],
    [
      { position: "centre" },
      [
        [6, 7],
        [11, 12],
      ],
    ],
    [
      { position: "center" },
      [
        [6, 7],
        [11, 12],
      ],
    ],
    [
      { position: "top" },
      [
        [1, 2],
        [6, 7],
      ],
    ],
    [
      { position: "right top" },
      [
        [3, 4],
        [8, 9],
      ],
    ],
    [
      { position: "right" },
      [
        [8, 9],
        [13, 14],
      ],
    ],
    [
      { position: "right bottom" },
      [
        [13, 14],
        [18, 19],
      ],
    ],
    [
      { position: "bottom" },
      [
        [11, 12],
        [16, 17],
      ],
    ],
    [
      { position: "left bottom" },
      [
        [10, 11],
        [15, 16],
      ],
    ],
    [
      { position: "left" },
      [
        [5, 6],
        [10, 11],
      ],
    ],
    [
      { position: "left top" },
      [
        [0, 1],
        [5, 6],
      ],
    ],
  ])("2 x 2 at %j", async (place, expected) => {
    expect((await apply({ op: "crop", width: 2, height: 2, ...place }, numbered)).rows).toEqual(expected);
  });

  test("keeps channels together", async () => {
    const { rows, channels } = await apply({ op: "crop", width: 1, height: 2, left: 1, top: 0 }, colours);
    expect(channels).toBe(3);
    expect(rows).toEqual([
      [0, 255, 0],
      [100, 150, 200],
    ]);
  });

  test.each([
    [{ width: 6, height: 2 }, "can't crop 6x2 out of an image of 5x4"],
    [{ width: 2, height: 5 }, "can't crop 2x5 out of an image of 5x4"],
    [{ width: 3, height: 2, left: 3, top: 0 }, "can't crop 3x2 from left 3, top 0 on out of an image of 5x4"],
    [{ width: 2, height: 2, left: 1 }, "crop needs both left and top, or neither"],
    [{ width: 2, height: 2, left: 1, top: 1, position: "top" }, "crop takes position, or left and top, not both"],
  ])("%j can't be done on 5 x 4", (options, problem) => {
    expect(imageOpFormat(imageOpSchema.parse({ op: "crop", ...options }), numbered)).toBe(problem);
  });

  test("an image too small is a DataError", async () => {
    await expect(apply({ op: "crop", width: 9, height: 9 }, numbered)).rejects.toThrow(DataError);
  });
});

describe("grayscale", () => {
  // Rec. 709 luminance of linear light, by the transfer functions of IEC 61966-2-1.
  const linear = (value: number) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const encoded = (y: number) => 255 * (y <= 0.0031308 ? 12.92 * y : 1.055 * y ** (1 / 2.4) - 0.055);
  const luminance = (r: number, g: number, b: number) =>
    encoded(0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b));

  test("is the luminance of linear light", async () => {
    const grid = [0, 50, 100, 150, 200, 255].flatMap((r) =>
      [0, 128, 255].flatMap((g) => [
        [r, g, 0],
        [r, g, 99],
        [r, g, 255],
      ]),
    );
    const { rows, channels } = await apply({ op: "grayscale" }, pixels([grid.flat()], 3));
    expect(channels).toBe(1);
    for (const [index, value] of (rows[0] ?? []).entries()) {
      const [r, g, b] = grid[index] as [number, number, number];
      // sharp works in float32 with look-up tables and rounds at the end: half a step, and as much again for the tables.
      expect(Math.abs(value - luminance(r, g, b))).toBeLessThanOrEqual(1);
    }
  });

  test("by hand: pure red, green and blue", async () => {
    const { rows } = await apply({ op: "grayscale" }, colours);
    expect(rows[0]).toEqual([127, 220, 76]);
  });

  test("leaves every gray exactly as it is", async () => {
    const ramp = Array.from({ length: 256 }, (_, value) => value);
    const { rows } = await apply({ op: "grayscale" }, pixels([ramp.flatMap((value) => [value, value, value])], 3));
    expect(rows).toEqual([ramp]);
  });

  test("leaves one channel alone", async () => {
    expect((await apply({ op: "grayscale" }, pixels([[7, 8]]))).rows).toEqual([[7, 8]]);
  });
});

describe("resize", () => {
  test("nearest enlarges by repeating pixels", async () => {
    const { rows, channels } = await apply(
      { op: "resize", width: 4, height: 2, kernel: "nearest" },
      pixels([[10, 200]]),
    );
    expect(channels).toBe(1);
    expect(rows).toEqual([
      [10, 10, 200, 200],
      [10, 10, 200, 200],
    ]);
  });

  test("linear halves by averaging what it covers", async () => {
    // A triangle 2 source pixels to each side, centred between the pixels: weights 1/8, 3/8, 3/8, 1/8 inside.
    const row = [0, 0, 80, 80, 160, 160, 240, 240];
    const { rows } = await apply({ op: "resize", width: 4, height: 1, kernel: "linear" }, pixels([row, row]));
    const inside = (0 * 1 + 80 * 3 + 80 * 3 + 160 * 1) / 8;
    expect(Math.abs((rows[0]?.[1] ?? 0) - inside)).toBeLessThanOrEqual(1);
  });

  test.each(["nearest", "linear", "cubic", "mitchell", "lanczos2", "lanczos3"])(
    "%s leaves a flat image flat",
    async (kernel) => {
      const flat = pixels(
        Array.from({ length: 9 }, () => Array(7 * 3).fill(93)),
        3,
      );
      const { rows } = await apply({ op: "resize", width: 5, height: 4, fit: "fill", kernel }, flat);
      expect(rows.flat()).toEqual(Array(5 * 4 * 3).fill(93));
    },
  );

  // Left half 0, right half 200, twice as wide as high.
  const wide = pixels(Array.from({ length: 8 }, () => [...Array(8).fill(0), ...Array(8).fill(200)]));

  test("fill stretches", async () => {
    const { rows } = await apply({ op: "resize", width: 4, height: 4, fit: "fill", kernel: "nearest" }, wide);
    expect(rows).toEqual(Array(4).fill([0, 0, 200, 200]));
  });

  test("cover keeps proportions and cuts both sides", async () => {
    const marked = pixels(
      Array.from({ length: 8 }, () => [...Array(4).fill(255), ...Array(8).fill(9), ...Array(4).fill(255)]),
    );
    const { rows } = await apply({ op: "resize", width: 8, height: 8 }, marked);
    expect(rows).toEqual(Array(8).fill(Array(8).fill(9)));
  });

  test("contain keeps proportions and fills up with the background", async () => {
    const config = { op: "resize", width: 4, height: 4, fit: "contain", kernel: "nearest", background: [50, 50, 50] };
    const { rows } = await apply(config, wide);
    expect(rows).toEqual([
      [50, 50, 50, 50],
      [0, 0, 200, 200],
      [0, 0, 200, 200],
      [50, 50, 50, 50],
    ]);
  });

  test("contain fills colour images up with colours", async () => {
    const red = pixels([Array(4).fill([200, 0, 0]).flat(), Array(4).fill([200, 0, 0]).flat()], 3);
    const { rows } = await apply({ op: "resize", width: 4, height: 4, fit: "contain", background: [1, 2, 3] }, red);
    expect(rows[0]?.slice(0, 3)).toEqual([1, 2, 3]);
    expect(rows[1]?.slice(0, 3)).toEqual([200, 0, 0]);
  });

  test("the size that is there already is left alone", async () => {
    expect((await apply({ op: "resize", width: 3, height: 2 }, colours)).rows.flat()).toEqual(Array.from(colours.data));
  });

  test.each([
    { width: 0 },
    { width: 1.5 },
    { width: 20_000 },
    { fit: "inside" },
    { kernel: "bicubic" },
    { background: [256, 0, 0] },
  ])("refuses %j", (options) => {
    expect(imageOpSchema.safeParse({ op: "resize", width: 4, height: 4, ...options }).success).toBe(false);
  });
});
