import type { Pixels } from "../../data/images/define-image-op";

/** Pixels between tiles, and around them. */
const gap = 8;
const ground = 255;

/** Each pixel as a square of `factor` pixels, in colour. */
export function enlarge({ data, width, height, channels }: Pixels, factor: number): Pixels {
  const [wide, high] = [width * factor, height * factor];
  const enlarged = new Uint8Array(wide * high * 3);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const from = (Math.floor(y / factor) * width + Math.floor(x / factor)) * channels;
      for (let channel = 0; channel < 3; channel++) {
        enlarged[(y * wide + x) * 3 + channel] = data[from + (channels === 1 ? 0 : channel)] as number;
      }
    }
  }
  return { data: enlarged, width: wide, height: high, channels: 3 };
}

/** One picture of rows of tiles, which are in colour and all of one size. */
export function tile(rows: readonly (readonly Pixels[])[]): Pixels {
  const { width = 1, height = 1 } = rows[0]?.[0] ?? {};
  const columns = Math.max(...rows.map(({ length }) => length));
  const [wide, high] = [columns * (width + gap) + gap, rows.length * (height + gap) + gap];
  const data = new Uint8Array(wide * high * 3).fill(ground);
  for (const [row, tiles] of rows.entries()) {
    for (const [column, { data: pixels }] of tiles.entries()) {
      const [left, top] = [gap + column * (width + gap), gap + row * (height + gap)];
      for (let y = 0; y < height; y++) {
        data.set(pixels.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * wide + left) * 3);
      }
    }
  }
  return { data, width: wide, height: high, channels: 3 };
}
