import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

type Colour = readonly [red: number, green: number, blue: number];

/** Colours that a small model tells apart within a few epochs. */
export const tinyColours = {
  blue: [30, 50, 210],
  green: [30, 180, 60],
  red: [200, 30, 40],
} as const satisfies Record<string, Colour>;

interface TinyImagesOptions {
  readonly classes?: Readonly<Record<string, Colour>>;
  readonly perClass?: number;
  /** Width and height. */
  readonly size?: number;
}

/**
 * One folder of PNGs for each class in `folder`, each picture of one colour, a little different from the others. The same
 * pixels at every call.
 */
export async function makeTinyImages(
  folder: string,
  { classes = tinyColours, perClass = 12, size = 8 }: TinyImagesOptions = {},
): Promise<void> {
  for (const [name, [r, g, b]] of Object.entries(classes)) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let number = 0; number < perClass; number++) {
      const shade = (3 * number) % 40;
      const background = { r: Math.min(255, r + shade), g: Math.min(255, g + shade), b: Math.min(255, b + shade) };
      const picture = sharp({ create: { width: size, height: size, channels: 3, background } });
      await picture.png().toFile(join(folder, name, `${String(number).padStart(3, "0")}.png`));
    }
  }
}
