import { defineImageOp } from "./define-image-op";
import { loadSharp } from "./load-sharp";

export const grayscale = defineImageOp({
  type: "grayscale",
  description:
    "Makes one channel of three, by sharp: the luminance 0.2126 R + 0.7152 G + 0.0722 B (Rec. 709) of linear light, encoded as sRGB again. Gray pixels keep their value; an image of one channel stays as it is.",
  options: {},
  format: (_, { width, height }) => ({ width, height, channels: 1 }),
  async apply(_, pixels) {
    if (pixels.channels === 1) return pixels;
    const sharp = await loadSharp();
    const { width, height, channels } = pixels;
    const { data, info } = await sharp(pixels.data, { raw: { width, height, channels }, limitInputPixels: false })
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 1) throw new Error(`sharp gave ${info.channels} channels for gray`);
    return { data, width, height, channels: 1 };
  },
});
