import type { Shape } from "../../shared/shape";
import { type CostShapes, sizeOf } from "../costs/operation";
import { pooling, product } from "../costs/windows";
import { dataFormat, one, padding, pair, triple } from "./shared-options";
import { windowProblem } from "./window-problem";

interface PoolingOptions {
  readonly poolSize: number | readonly number[];
  readonly padding: "valid" | "same";
  readonly dataFormat?: "channelsLast" | "channelsFirst";
}

/** What all layers that pool windows over `axes` axes have in common, but for their shape and options. */
const poolingOf = (axes: number) => ({
  inputRank: axes + 2,
  check: (options: PoolingOptions, [input = []]: readonly Shape[]) =>
    windowProblem("a window", { ...options, size: options.poolSize }, input),
  cost: ({ poolSize }: PoolingOptions, { inputs: [input = []], output }: CostShapes) => [
    pooling({ input: sizeOf(input), output: sizeOf(output), window: product(poolSize, axes) }),
  ],
});

const stridesText = "Steps of the window; as large as the window by default.";

/** A pooling layer's definition but for its name, what it takes of each window, and how it is built. */
export const poolingOver = {
  steps: {
    shape: "[batch, steps, channels] -> [batch, newSteps, channels]",
    options: {
      poolSize: one.default(2).describe("Steps in the window."),
      strides: one.optional().describe(stridesText),
      padding,
    },
    ...poolingOf(1),
  },
  images: {
    shape: "[batch, height, width, channels] -> [batch, newHeight, newWidth, channels]",
    options: {
      poolSize: pair.default(2).describe("Height and width of the window."),
      strides: pair.optional().describe(stridesText),
      ...{ padding, dataFormat },
    },
    ...poolingOf(2),
  },
  volumes: {
    shape: "[batch, depth, height, width, channels] -> [batch, newDepth, newHeight, newWidth, channels]",
    options: {
      poolSize: triple.default(2).describe("Depth, height and width of the window."),
      strides: triple.optional().describe(stridesText),
      ...{ padding, dataFormat },
    },
    ...poolingOf(3),
  },
};
