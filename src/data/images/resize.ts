import { z } from "zod";
import { defineImageOp } from "./define-image-op";
import { loadSharp } from "./load-sharp";

const size = z.int().positive().max(16_384);
const byte = z.int().min(0).max(255);

export interface ResizeOptions {
  readonly width: number;
  readonly height: number;
  readonly fit: "cover" | "contain" | "fill";
  readonly kernel: "nearest" | "linear" | "cubic" | "mitchell" | "lanczos2" | "lanczos3";
  readonly background: readonly [red: number, green: number, blue: number];
}

/** The op as sharp takes it. */
export function sharpResize({ width, height, fit, kernel, background: [r, g, b] }: ResizeOptions) {
  return { width, height, fit, kernel, position: "centre", background: { r, g, b } } as const;
}

export const resize = defineImageOp({
  type: "resize",
  description:
    "Makes every image `width` x `height` pixels, by sharp: `cover` keeps proportions and cuts off what is too much on two sides, `contain` keeps them and fills up with `background`, `fill` stretches.",
  options: {
    width: size.describe("Width of the result, in pixels."),
    height: size.describe("Height of the result, in pixels."),
    fit: z.enum(["cover", "contain", "fill"]).default("cover").describe("How other proportions are made to fit."),
    kernel: z
      .enum(["nearest", "linear", "cubic", "mitchell", "lanczos2", "lanczos3"])
      .default("lanczos3")
      .describe("sharp's resampling kernel; downscaling averages with all but `nearest`."),
    background: z
      .tuple([byte, byte, byte])
      .default([0, 0, 0])
      .describe("What `contain` fills up with: red, green and blue, 0 to 255; for one channel, their gray."),
  },
  format: ({ width, height }, { channels }) => ({ width, height, channels }),
  async apply(options, pixels) {
    const { width, height } = options;
    if (pixels.width === width && pixels.height === height) return pixels;
    const sharp = await loadSharp();
    const raw = { width: pixels.width, height: pixels.height, channels: pixels.channels };
    const { data, info } = await sharp(pixels.data, { raw, limitInputPixels: false })
      .resize(sharpResize(options))
      // Without it sharp makes one channel three.
      .toColourspace(pixels.channels === 1 ? "b-w" : "srgb")
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== pixels.channels)
      throw new Error(`sharp gave ${info.channels} channels for ${pixels.channels}`);
    return { data, width, height, channels: pixels.channels };
  },
});
