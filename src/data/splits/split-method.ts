import type { ExampleSet, SplitName } from "../example-set";

/** What a method divides, and by what. */
export interface SplitRequest {
  readonly set: ExampleSet;
  /** Indices of the examples that no file or folder puts into a split, ascending. */
  readonly examples: Int32Array;
  /** Fractions of `examples`; 0 for a split that is not to be made here. */
  readonly validation: number;
  readonly test: number;
  readonly seed: number;
}

/** One way to divide examples, whole. */
export interface SplitMethod {
  /** One sentence for the docs. */
  readonly description: string;
  /** Gives each of `examples`, by position, its split. Deterministic in the request. */
  assign(request: SplitRequest): { readonly splits: readonly SplitName[]; readonly warnings: readonly string[] };
}

/** How many of `count` go into a split: the fraction, rounded; one at least where there are others to spare. */
export function share(count: number, fraction: number): number {
  if (fraction === 0 || count < 2) return 0;
  return Math.min(count - 1, Math.max(1, Math.round(count * fraction)));
}
