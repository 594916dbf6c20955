import type { CacheExtent, PixelCache } from "./pixel-cache";

/** Memory is taken in pieces of about this size, as examples come, because often not all of a set is read. */
const slabBytes = 16 << 20;

/** A cache in this process's memory. */
export function memoryCache({ count, size }: CacheExtent): PixelCache {
  const perSlab = Math.max(1, Math.floor(slabBytes / size));
  const slabs = new Map<number, Uint8Array>();
  let isFilled = new Uint8Array(count);
  const offsetOf = (example: number) => (example % perSlab) * size;
  return {
    async read(example, target) {
      const slab = slabs.get(Math.floor(example / perSlab));
      if (!slab || !isFilled[example]) return false;
      const offset = offsetOf(example);
      target.set(slab.subarray(offset, offset + size));
      return true;
    },
    async write(example, pixels) {
      const number = Math.floor(example / perSlab);
      let slab = slabs.get(number);
      if (!slab) {
        slab = new Uint8Array(Math.min(perSlab, count - number * perSlab) * size);
        slabs.set(number, slab);
      }
      slab.set(pixels, offsetOf(example));
      isFilled[example] = 1;
    },
    async close() {
      slabs.clear();
      isFilled = new Uint8Array(0);
    },
  };
}
