import type { HeatMap } from "../explanation";

/** A map `[height, width]` in another size, bilinear between the middles of its places; the last ones go on to the rims. */
export function resizeMap({ values, shape }: HeatMap, height: number, width: number): Float32Array {
  const [rows = 1, columns = 1] = shape;
  const resized = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const [top, bottom, down] = between(y, height, rows);
    for (let x = 0; x < width; x++) {
      const [left, right, across] = between(x, width, columns);
      const at = (row: number, column: number) => values[row * columns + column] as number;
      const upper = at(top, left) * (1 - across) + at(top, right) * across;
      const lower = at(bottom, left) * (1 - across) + at(bottom, right) * across;
      resized[y * width + x] = upper * (1 - down) + lower * down;
    }
  }
  return resized;
}

/** The two places of `count` that position `index` of `size` is between, and how far it is from the first. */
function between(index: number, size: number, count: number): [first: number, second: number, share: number] {
  const place = Math.min(count - 1, Math.max(0, ((index + 0.5) * count) / size - 0.5));
  const first = Math.floor(place);
  return [first, Math.min(count - 1, first + 1), place - first];
}
