/** The shortest decimal that is `value` again in float32: 0.97 for what a double shows as 0.9700000286102295. */
export function shortestNumber(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
