import { extname } from "node:path";

const endings = new Set([".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".avif"]);

/** Whether a file's name says that it is an image of a kind that is read; the case of the ending doesn't matter. */
export function hasImageEnding(path: string): boolean {
  return endings.has(extname(path).toLowerCase());
}
