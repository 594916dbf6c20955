import type Sharp from "sharp";

/** Only what needs pixels loads sharp: it takes a tenth of a second. */
let loading: Promise<typeof Sharp> | undefined;

/** libvips' loaders for the formats that dlctl reads. All others, and SVG's (it draws, and reads other files), stay closed. */
const loaders = ["Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif"].map((name) => `VipsForeignLoad${name}`);

/**
 * sharp, set up for many small images: one libvips thread for each (images are decoded side by side instead), no cache
 * of operations, and no file format that dlctl does not name.
 */
export function loadSharp(): Promise<typeof Sharp> {
  loading ??= import("sharp").then(({ default: sharp }) => {
    sharp.concurrency(1);
    sharp.cache(false);
    sharp.block({ operation: ["VipsForeignLoad"] });
    sharp.unblock({ operation: loaders });
    return sharp;
  });
  return loading;
}
