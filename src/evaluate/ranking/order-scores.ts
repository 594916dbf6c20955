const digitBits = 11;
const digits = 1 << digitBits;

/**
 * Positions of `scores` from the highest to the lowest, equal ones in their order: a radix sort, as there may be tens of
 * millions. Scores are finite; -0 counts as 0.
 */
export function orderScores(scores: Float32Array): Int32Array {
  const keys = new Uint32Array(scores.length);
  const bits = new Uint32Array(Float32Array.from(scores, (score) => score + 0).buffer);
  // The bits of floats ascend as they do, those of negative ones the other way round; here the highest comes first.
  for (let index = 0; index < keys.length; index++) {
    const value = bits[index] as number;
    keys[index] = value >>> 31 ? value : ~(value | 0x80000000);
  }
  let from = Int32Array.from(keys, (_, index) => index);
  let to = new Int32Array(keys.length);
  for (let shift = 0; shift < 32; shift += digitBits) {
    const starts = new Int32Array(digits + 1);
    for (const key of keys) {
      const next = ((key >>> shift) & (digits - 1)) + 1;
      starts[next] = (starts[next] as number) + 1;
    }
    for (let digit = 0; digit < digits; digit++) {
      starts[digit + 1] = (starts[digit + 1] as number) + (starts[digit] as number);
    }
    for (const position of from) {
      const digit = ((keys[position] as number) >>> shift) & (digits - 1);
      const at = starts[digit] as number;
      to[at] = position;
      starts[digit] = at + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}
