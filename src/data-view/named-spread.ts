import { spreadOf } from "./spread";
import type { NamedSpread } from "./survey";

/** A spread with its name; undefined where there is no number. */
export function namedSpread(name: string, values: ArrayLike<number>): NamedSpread | undefined {
  const spread = spreadOf(values);
  return spread && { name, ...spread, missing: values.length - spread.count };
}
