import type { PhotoAddon } from "../../runtime/photo-addon";
import { isLargeJpeg } from "./decode-image";
import type { Pixels } from "./define-image-op";
import { hasForeignProfile } from "./has-foreign-profile";
import { jpegFrame } from "./jpeg-frame";
import { pngHeader } from "./png-header";
import type { ResizeOptions } from "./resize";

/** How a photograph is resized after it is decoded, or while it is: places differ in their last bits. */
export interface PhotoResize {
  readonly options: ResizeOptions;
  readonly isOnLoad: boolean;
}

/** Decodes small photographs and resizes them at once, several times as fast as sharp, to the same pixels. */
export interface PhotoReader {
  /**
   * Of a file's bytes. Undefined for what it does not read, or finds damaged: then sharp is to be asked. Pixels are put into
   * `target` where they have its size, which may hold anything if there are none.
   */
  read(encoded: Buffer, resize?: PhotoResize, target?: Uint8Array): Promise<Pixels | undefined>;
}

const fits = ["cover", "contain", "fill"];
const kernels = ["linear", "cubic", "mitchell", "lanczos2", "lanczos3"];

export function photoReader(addon: PhotoAddon): PhotoReader {
  return {
    async read(encoded, resize, target) {
      const png = pngHeader(encoded);
      const frame = png ?? jpegFrame(encoded);
      if (!frame || isLargeJpeg(frame) || frame.width * frame.height === 0) return undefined;
      if (frame.components !== 3 && frame.components !== 1) return undefined;
      const { width, height } = resize?.options ?? frame;
      const kernel = resize ? kernels.indexOf(resize.options.kernel) : 0;
      if (kernel < 0) return undefined;
      const size = width * height * 3;
      const data = target?.length === size ? target : new Uint8Array(size);
      const numbers = Int32Array.of(
        ...[frame.width, frame.height, frame.components],
        ...(resize ? [width, height, fits.indexOf(resize.options.fit), kernel] : [0, 0, 0, 0]),
        Number(resize?.isOnLoad ?? false),
        ...(resize?.options.background ?? [0, 0, 0]),
        Number(hasForeignProfile(encoded)),
        Number(png !== undefined),
      );
      return (await addon.read(encoded, numbers, data)) ? { data, width, height, channels: 3 } : undefined;
    },
  };
}
