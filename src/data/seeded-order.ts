import { philox } from "../runtime/philox";
import { deriveSeed } from "../shared/derive-seed";

/**
 * A permutation of 0 ... `count` - 1 that depends on `seed` and `parts` alone (an epoch's number, the name of a use):
 * Fisher and Yates's shuffle, each order equally likely, on a counter-based generator that keeps no state.
 */
export function seededOrder(count: number, seed: number, ...parts: readonly (string | number)[]): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  const draw = drawBelow(deriveSeed(seed, "order", ...parts), deriveSeed(seed, "order key", ...parts));
  for (let last = count - 1; last > 0; last--) {
    const other = draw(last + 1);
    const swapped = order[last] as number;
    order[last] = order[other] as number;
    order[other] = swapped;
  }
  return order;
}

/** A function that draws integers in [0, bound), unbiased: numbers that would favour the small ones are drawn again. */
function drawBelow(key0: number, key1: number): (bound: number) => number {
  let block: readonly number[] = [];
  let used = 4;
  let counter = 0;
  const next = () => {
    if (used === 4) {
      block = philox([counter++, 0, 0, 0], [key0, key1]);
      used = 0;
    }
    return block[used++] as number;
  };
  return (bound) => {
    const limit = 0x100000000 - (0x100000000 % bound);
    let value = next();
    while (value >= limit) value = next();
    return value % bound;
  };
}
