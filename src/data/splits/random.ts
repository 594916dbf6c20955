import type { SplitName } from "../example-set";
import { seededOrder } from "../seeded-order";
import { type SplitMethod, share } from "./split-method";

export const random: SplitMethod = {
  description: "Any example into any split, drawn by the seed.",
  assign({ examples, validation, test, seed }) {
    const count = examples.length;
    const validationCount = share(count, validation);
    const testCount = Math.min(share(count, test), count - validationCount - 1);
    const splits = new Array<SplitName>(count).fill("train");
    for (const [rank, position] of seededOrder(count, seed, "split").entries()) {
      if (rank < validationCount) splits[position] = "validation";
      else if (rank < validationCount + testCount) splits[position] = "test";
    }
    return { splits, warnings: [] };
  },
};
