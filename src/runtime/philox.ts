/** Four 32-bit numbers. */
export type Counter = readonly [number, number, number, number];
export type Key = readonly [number, number];

const rounds = 10;
const multiplierA = 0xd2511f53;
const multiplierB = 0xcd9e8d57;
const weylA = 0x9e3779b9;
const weylB = 0xbb67ae85;

/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011),
 * which TensorFlow uses too: four random 32-bit integers (unsigned) from a counter and a key.
 */
export function philox([c0, c1, c2, c3]: Counter, [k0, k1]: Key): [number, number, number, number] {
  let [a, b, c, d, keyA, keyB] = [c0, c1, c2, c3, k0, k1];
  for (let round = 0; round < rounds; round++) {
    const highA = multiplyHigh(multiplierA, a);
    const lowA = Math.imul(multiplierA, a);
    const highB = multiplyHigh(multiplierB, c);
    const lowB = Math.imul(multiplierB, c);
    a = highB ^ b ^ keyA;
    b = lowB;
    c = highA ^ d ^ keyB;
    d = lowA;
    keyA = (keyA + weylA) | 0;
    keyB = (keyB + weylB) | 0;
  }
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
}

/** The upper 32 bits of the 64-bit product of two 32-bit unsigned integers. */
function multiplyHigh(x: number, y: number): number {
  const xLow = x & 0xffff;
  const xHigh = x >>> 16;
  const yLow = y & 0xffff;
  const yHigh = y >>> 16;
  const middle = xHigh * yLow + ((xLow * yLow) >>> 16);
  return xHigh * yHigh + Math.floor(middle / 0x10000) + Math.floor(((middle & 0xffff) + xLow * yHigh) / 0x10000);
}
