import { type DifferingValue, differingValues } from "../shared/differing-values";
import type { Comparable } from "./comparable";
import { compareHistories, type DifferingHistory } from "./compare-histories";
import { compareWeights, type DifferingWeight } from "./compare-weights";

/** In what two models or runs differ; lists are empty where they don't. */
export interface Comparison {
  /** Nothing differs but, maybe, the environment. */
  readonly isEqual: boolean;
  readonly config: readonly DifferingValue[];
  readonly data: readonly DifferingValue[];
  readonly preprocessing: readonly DifferingValue[];
  /** What model.json says of the layers; empty when one has none. */
  readonly topology: readonly DifferingValue[];
  readonly weights: readonly DifferingWeight[];
  /** Weights that both have, and weights in all. */
  readonly weightCounts: { readonly equal: number; readonly all: number };
  readonly metrics: readonly DifferingValue[];
  readonly history: DifferingHistory | undefined;
  /** Device, engine and versions: reasons, not differences. */
  readonly environment: readonly DifferingValue[];
}

/** Parts of a comparison that make two models or runs different, in the order in which they cause each other. */
export const comparedParts = ["config", "data", "preprocessing", "topology", "weights", "metrics", "history"] as const;

/** Compares everything that a run comes of and everything that came of it. */
export function compare(a: Comparable, b: Comparable): Comparison {
  const weights = compareWeights(a.weights, b.weights);
  const all = new Set([...a.weights, ...b.weights].map(({ name }) => name)).size;
  const parts = {
    config: differingValues(a.config, b.config),
    data: differingValues(...common(a.data, b.data)),
    preprocessing: differingValues(a.preprocessing, b.preprocessing),
    topology: a.topology && b.topology ? differingValues(a.topology, b.topology) : [],
    weights,
    metrics: a.state === b.state ? differingValues(a.metrics, b.metrics) : [],
    history: compareHistories(a.history, b.history),
  };
  const isEqual = comparedParts.every((part) => isSame(parts[part]));
  return {
    isEqual,
    ...parts,
    weightCounts: { equal: all - weights.length, all },
    environment: differingValues(...common(a.environment, b.environment)),
  };
}

/** Whether a part of a comparison has no difference. */
export function isSame(part: readonly unknown[] | DifferingHistory | undefined): boolean {
  return part === undefined || (Array.isArray(part) && part.length === 0);
}

/** Of two objects only the keys that both have: a run knows less than a model. */
function common(a: unknown, b: unknown): [object, object] {
  const [one, other] = [Object(a) as object, Object(b) as object];
  const pick = (from: object, by: object) =>
    Object.fromEntries(Object.entries(from).filter(([key]) => Object.hasOwn(by, key)));
  return [pick(one, other), pick(other, one)];
}
