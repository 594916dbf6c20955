import { z } from "zod";
import { dataFormat, padding, pair, triple } from "./shared-options";

export const filters = z.int().positive().describe("Number of output channels.");

/** Options of convolutions over images. */
export const imageWindows = {
  filters,
  kernelSize: pair.describe("Height and width of the window."),
  strides: pair.default(1).describe("Steps of the window."),
  ...{ padding, dataFormat },
};

/** Options of convolutions over volumes. */
export const volumeWindows = {
  filters,
  kernelSize: triple.describe("Depth, height and width of the window."),
  strides: triple.default(1).describe("Steps of the window."),
  ...{ padding, dataFormat },
};

export const imageDilation = pair
  .default(1)
  .describe("Distance of the window's pixels; above 1 only with strides of 1.");

/** Options of convolutions over images of each channel by itself. */
export const singleStrideWindows = {
  kernelSize: imageWindows.kernelSize,
  strides: z
    .int()
    .positive()
    .default(1)
    .describe("Step of the window, the same on both axes: TensorFlow has no other."),
  padding,
};

/** The options of the transposed convolution, which makes its input, `what`, larger. */
export const transposed = <Windows extends typeof imageWindows | typeof volumeWindows>(
  windows: Windows,
  what: string,
) => ({
  ...windows,
  strides: windows.strides.describe(`Factors by which the ${what} grows.`) as Windows["strides"],
  padding: padding.describe(
    '"same": the new size is the old one times the strides; "valid": the windows\' rims are added.',
  ),
});
