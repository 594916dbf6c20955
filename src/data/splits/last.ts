import { inOrder } from "./chronological";
import type { SplitMethod } from "./split-method";

export const last: SplitMethod = {
  description:
    "Keras's rule for validation_split: the last of the data, unshuffled, cut at floor(count * (1 - fraction)); the test split, if any, comes after it.",
  assign({ examples: { length }, validation, test }) {
    // As Keras computes it, so that the same examples validate in both.
    const cut = (fraction: number) => length - Math.floor(length * (1 - fraction));
    return { splits: inOrder(length, cut(validation), cut(test)), warnings: [] };
  },
};
