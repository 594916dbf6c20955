import { z } from "zod";
import { tf } from "../../runtime/tf";
import { formatShape, type Shape } from "../../shared/shape";
import { defineLayer } from "./define-layer";

const product = (sizes: readonly number[]) => sizes.reduce((product, size) => product * size, 1);

export const reshape = defineLayer({
  type: "reshape",
  description: "The same numbers on other axes.",
  shape: "[batch, ...] -> [batch, ...targetShape]",
  options: {
    targetShape: z
      .array(z.union([z.int().positive(), z.literal(-1)]))
      .min(1)
      .describe("Sizes of the axes after the batch's; one of them may be -1 and takes what is left."),
  },
  check: ({ targetShape }, [input = []]) => {
    const open = targetShape.filter((size) => size === -1).length;
    if (open > 1) return "targetShape may have one -1 only";
    const sizes = input.slice(1);
    if (!sizes.every((size) => size !== null)) return undefined;
    const [have, want] = [product(sizes), Math.abs(product(targetShape))];
    const fits = open === 1 ? have % want === 0 : have === want;
    return fits ? undefined : `${formatShape(input)} (${have} numbers) can't become [batch, ${targetShape.join(", ")}]`;
  },
  // Resolved here: for an open batch tfjs leaves the size open that -1 stands for, and no layer with a kernel could follow.
  cost: () => [],
  build: ({ targetShape }, { inputShapes: [input = []] }) =>
    tf.layers.reshape({ targetShape: resolve(targetShape, input.slice(1)) }),
});

function resolve(targetShape: readonly number[], sizes: Shape): number[] {
  if (!sizes.every((size) => size !== null)) return [...targetShape];
  const rest = product(sizes) / Math.abs(product(targetShape));
  return targetShape.map((size) => (size === -1 ? rest : size));
}
