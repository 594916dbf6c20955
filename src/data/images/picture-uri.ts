import type { Pixels } from "./define-image-op";
import { loadSharp } from "./load-sharp";

/**
 * Pixels as a data URI that a page can show: small pictures exactly (PNG), larger ones shrunk to `most` pixels on their longer side
 * (WebP, a few kB).
 */
export async function pictureUri({ data, width, height, channels }: Pixels, most: number): Promise<string> {
  const sharp = await loadSharp();
  const picture = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  const isSmall = Math.max(width, height) <= 64;
  const bytes = isSmall
    ? await picture.png({ compressionLevel: 9 }).toBuffer()
    : await picture
        .resize({ width: most, height: most, fit: "inside", withoutEnlargement: true })
        .webp({ quality: 80 })
        .toBuffer();
  return `data:image/${isSmall ? "png" : "webp"};base64,${bytes.toString("base64")}`;
}
