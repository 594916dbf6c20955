/** Sides of the small gray picture that images are compared by. */
const side = 9;
/** Of 144 bits: so many may differ. */
const nearBits = 10;
/** Mean difference of the small pictures, of 255. */
const nearShades = 6;
/** Pictures with less contrast are alike because there is nothing on them. */
const leastContrast = 8;

/** What an image looks like, roughly: a small gray picture, and in which direction its neighbours get brighter. */
export interface Look {
  readonly shades: Float32Array;
  readonly bits: Uint32Array;
}

/** Undefined for an image with hardly any contrast. `pixels` is `[height, width, channels]`. */
export function lookOf(
  pixels: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
): Look | undefined {
  const shades = new Float32Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const rows = [Math.floor((row * height) / side), Math.max(1, Math.ceil(((row + 1) * height) / side))] as const;
      const columns = [
        Math.floor((column * width) / side),
        Math.max(1, Math.ceil(((column + 1) * width) / side)),
      ] as const;
      shades[row * side + column] = meanOf(pixels, { rows, columns, width, channels });
    }
  }
  const mean = shades.reduce((sum, shade) => sum + shade, 0) / shades.length;
  const variance = shades.reduce((sum, shade) => sum + (shade - mean) ** 2, 0) / shades.length;
  return Math.sqrt(variance) < leastContrast ? undefined : { shades, bits: bitsOf(shades) };
}

interface Area {
  readonly rows: readonly [from: number, to: number];
  readonly columns: readonly [from: number, to: number];
  readonly width: number;
  readonly channels: number;
}

function meanOf(pixels: Uint8Array, { rows, columns, width, channels }: Area): number {
  let [sum, count] = [0, 0];
  for (let y = rows[0]; y < rows[1]; y++) {
    for (let at = (y * width + columns[0]) * channels; at < (y * width + columns[1]) * channels; at++) {
      sum += pixels[at] as number;
      count++;
    }
  }
  return sum / count;
}

/** A difference hash, across and down. */
function bitsOf(shades: Float32Array): Uint32Array {
  const bits = new Uint32Array(Math.ceil((2 * side * (side - 1)) / 32));
  let place = 0;
  for (let line = 0; line < side; line++) {
    for (let step = 0; step + 1 < side; step++) {
      for (const [from, to] of [
        [line * side + step, line * side + step + 1],
        [step * side + line, (step + 1) * side + line],
      ] as const) {
        if ((shades[to] as number) > (shades[from] as number)) {
          bits[place >> 5] = ((bits[place >> 5] as number) | (1 << (place & 31))) >>> 0;
        }
        place++;
      }
    }
  }
  return bits;
}

/** Whether two images look nearly the same: scaled, compressed, or a little brighter. */
export function isAlike(a: Look, b: Look): boolean {
  let different = 0;
  for (let word = 0; word < a.bits.length && different <= nearBits; word++) {
    different += countBits(((a.bits[word] as number) ^ (b.bits[word] as number)) >>> 0);
  }
  if (different > nearBits) return false;
  const apart = a.shades.reduce((sum, shade, place) => sum + Math.abs(shade - (b.shades[place] as number)), 0);
  return apart / a.shades.length <= nearShades;
}

function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
