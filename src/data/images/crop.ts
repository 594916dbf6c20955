import { z } from "zod";
import { DataError } from "../../shared/errors";
import { defineImageOp, type Pixels } from "./define-image-op";

const size = z.int().positive().max(16_384);
const offset = z.int().min(0).max(16_384);

/** Where the rest goes: the share of it that is cut off at the left and at the top. */
const positions = {
  centre: [1 / 2, 1 / 2],
  center: [1 / 2, 1 / 2],
  top: [1 / 2, 0],
  "right top": [1, 0],
  right: [1, 1 / 2],
  "right bottom": [1, 1],
  bottom: [1 / 2, 1],
  "left bottom": [0, 1],
  left: [0, 1 / 2],
  "left top": [0, 0],
} as const;

type Position = keyof typeof positions;

interface CropOptions {
  readonly width: number;
  readonly height: number;
  readonly position?: Position | undefined;
  readonly left?: number | undefined;
  readonly top?: number | undefined;
}

export const crop = defineImageOp({
  type: "crop",
  description:
    "Cuts `width` x `height` pixels out of the image, at `position` (an odd rest leaves its greater half at the right and bottom) or from `left` and `top` on. Pixels are copied, not resampled.",
  options: {
    width: size.describe("Width of the result, in pixels."),
    height: size.describe("Height of the result, in pixels."),
    position: z
      .enum(Object.keys(positions) as [Position, ...Position[]])
      .optional()
      .describe("Which part is kept: `centre` unless `left` and `top` are given."),
    left: offset.optional().describe("Pixels cut off at the left; together with `top`, instead of `position`."),
    top: offset.optional().describe("Pixels cut off at the top; together with `left`, instead of `position`."),
  },
  format(options, input) {
    if ((options.left === undefined) !== (options.top === undefined)) return "crop needs both left and top, or neither";
    if (options.left !== undefined && options.position) return "crop takes position, or left and top, not both";
    const problem = misfit(options, input.width, input.height);
    return problem ?? { width: options.width, height: options.height, channels: input.channels };
  },
  async apply(options, pixels) {
    const problem = misfit(options, pixels.width, pixels.height);
    if (problem) throw new DataError(problem, { hint: "Put a resize before the crop." });
    return copyRectangle(pixels, options, place(options, pixels.width, pixels.height));
  },
});

function misfit(options: CropOptions, width: number | null, height: number | null): string | undefined {
  const { left = 0, top = 0 } = options;
  const isFit = options.width + left <= (width ?? Infinity) && options.height + top <= (height ?? Infinity);
  if (isFit) return undefined;
  const from = options.left === undefined ? "" : ` from left ${left}, top ${top} on`;
  return `can't crop ${options.width}x${options.height}${from} out of an image of ${width ?? "?"}x${height ?? "?"}`;
}

function place({ width, height, position = "centre", left, top }: CropOptions, fullWidth: number, fullHeight: number) {
  if (left !== undefined && top !== undefined) return { left, top };
  const [x, y] = positions[position];
  return { left: Math.floor((fullWidth - width) * x), top: Math.floor((fullHeight - height) * y) };
}

function copyRectangle(
  pixels: Pixels,
  { width, height }: CropOptions,
  { left, top }: { left: number; top: number },
): Pixels {
  const { channels } = pixels;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * pixels.width + left) * channels;
    data.set(pixels.data.subarray(start, start + width * channels), row * width * channels);
  }
  return { data, width, height, channels };
}
