/**
 * A seed for one use of the run's `seed` (a layer's dropout, an epoch's order): an int32 that depends on all parts and
 * on nothing else, the same on every machine. MurmurHash3 (32 bits; Appleby, public domain) of the parts as text.
 */
export function deriveSeed(seed: number, ...parts: readonly (string | number)[]): number {
  let hash = seed | 0;
  for (const byte of Buffer.from(parts.join("\u0000"), "utf8")) hash = mix(hash, byte);
  return finish(hash);
}

function mix(hash: number, value: number): number {
  let k = Math.imul(value + 1, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
