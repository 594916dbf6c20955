import type { SplitName } from "../example-set";
import { type SplitMethod, share } from "./split-method";

export const chronological: SplitMethod = {
  description: "In the order of the data: the earliest train, later ones validate, the latest test.",
  assign({ examples: { length }, validation, test }) {
    const testCount = share(length, test);
    const validationCount = Math.min(share(length, validation), length - testCount - 1);
    return { splits: inOrder(length, validationCount, testCount), warnings: [] };
  },
};

/** Training first, then validation, test last. */
export function inOrder(count: number, validationCount: number, testCount: number): SplitName[] {
  const testStart = count - testCount;
  const validationStart = testStart - validationCount;
  return Array.from({ length: count }, (_, position) => {
    if (position >= testStart) return "test";
    return position >= validationStart ? "validation" : "train";
  });
}
