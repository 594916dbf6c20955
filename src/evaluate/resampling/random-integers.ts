import { deriveSeed } from "../../shared/derive-seed";

const { floor, imul } = Math;

/**
 * A generator of integers in [0, bound): xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * 2021), started from `seed` and `name`. For millions of draws that no checkpoint has to go back to; the bias of the multiplication is
 * below bound / 2^32.
 */
export function randomIntegers(seed: number, name: string): (bound: number) => number {
  // Numbers of 32 bits in a closure's variables would each be made anew at every draw.
  const state = Int32Array.from({ length: 4 }, (_, part) => deriveSeed(seed, name, part));
  return (bound) => {
    const a = state[0] as number;
    const b = state[1] as number;
    const c = (state[2] as number) ^ a;
    const d = (state[3] as number) ^ b;
    const scrambled = imul(rotate(imul(b, 5), 7), 9) >>> 0;
    state[0] = a ^ d;
    state[1] = b ^ c;
    state[2] = c ^ (b << 9);
    state[3] = rotate(d, 11);
    return floor(scrambled * (bound / 0x100000000));
  };
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
