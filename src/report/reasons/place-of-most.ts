import type { HeatMap } from "../../explain/explanation";

const rows = ["upper", "middle", "lower"] as const;
const columns = ["left", "middle", "right"] as const;

/**
 * Where in an image most of what speaks for the output is, of nine equal parts, for those who don't see the map: "in the upper
 * left"; undefined where nothing speaks for it.
 */
export function placeOfMost({ values, shape }: HeatMap): string | undefined {
  const [height = 1, width = 1] = shape;
  const parts = new Float64Array(9);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const part = 3 * Math.floor(((y + 0.5) * 3) / height) + Math.floor(((x + 0.5) * 3) / width);
      parts[part] = (parts[part] as number) + Math.max(0, values[y * width + x] as number);
    }
  }
  const most = Math.max(...parts);
  if (most === 0) return undefined;
  const at = parts.indexOf(most);
  const [row, column] = [rows[Math.floor(at / 3)], columns[at % 3]];
  return row === column ? "in the middle" : `in the ${row} ${column}`;
}
