import { z } from "zod";
import { bias, copy } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { weightProduct } from "../costs/products";
import { customLayers } from "../custom-layers/custom-layers";
import { weightOptions } from "./attention-options";
import { customArguments } from "./custom-arguments";
import { seedWeights } from "./custom-weights";
import { defineLayer } from "./define-layer";
import { pair } from "./shared-options";

const bothSides = (size: number | [number, number]): [number, number] => (Array.isArray(size) ? size : [size, size]);

export const patchEmbedding = defineLayer({
  type: "patchEmbedding",
  description:
    "Cuts an image into patches, row by row, and makes a vector of each by one dense layer: how a Vision Transformer begins. Dosovitskiy et al., 2021.",
  shape: "[batch, height, width, channels] -> [batch, patches, units]",
  options: {
    size: pair.describe("Height and width of a patch; they must divide the image's."),
    units: z.int().positive().describe("Width of the vectors."),
    ...weightOptions,
  },
  inputRank: 4,
  check: ({ size }, [input = []]) => {
    const [, height, width, channels] = input;
    const [rows, columns] = bothSides(size);
    if (!height || !width || !channels) return "patchEmbedding needs images of fixed size";
    return height % rows === 0 && width % columns === 0
      ? undefined
      : `patches of ${rows}x${columns} do not divide an image of ${height}x${width}`;
  },
  cost: ({ units, useBias }, { inputs: [input = []], output: [patches = 1] }) => [
    copy(sizeOf(input)),
    weightProduct({ rows: patches, inner: sizeOf(input) / patches, columns: units }),
    ...bias(useBias, patches * units, units),
  ],
  build: ({ size, units, ...options }, context) => {
    const layer = new (customLayers().DlctlPatchEmbedding)({
      ...{ size: bothSides(size), units },
      ...customArguments(options, context),
    });
    return seedWeights(layer, options, context);
  },
});
