import { join } from "node:path";
import sharp from "sharp";
import { dlctlModule } from "./dlctl-modules.mjs";
import { randomNumbers } from "./numbers.mjs";

const [width, height] = [240, 180];

/** What our resize makes of two made pictures, for PIL to do the same: information, no test. */
export async function addResizeCase(file, _devices, folder) {
  const { resize } = dlctlModule("data/images/image-op-definitions").imageOpDefinitions;
  const random = randomNumbers(81);
  // Smooth as a photograph's larger parts are, and the hardest case, in which each pixel is a number of its own.
  const drawings = {
    waves: (x, y, channel) => 127 + 100 * Math.sin(x / (9 + channel)) * Math.cos(y / (13 - channel)),
    noise: () => 255 * random.next(),
  };
  const pictures = [];
  for (const [name, draw] of Object.entries(drawings)) {
    const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      return draw(pixel % width, Math.floor(pixel / width), at % 3);
    });
    const path = join(folder, `${name}.png`);
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(path);
    for (const kernel of ["lanczos3", "linear"]) {
      const options = { width: 64, height: 48, fit: "fill", kernel, background: [0, 0, 0] };
      const small = await resize.apply(options, { data, width, height, channels: 3 });
      const pixels = file.tensor({ data: small.data, shape: [48, 64, 3] });
      pictures.push({ name: `${name}, ${width}x${height} to 64x48, kernel ${kernel}`, path, kernel, pixels });
    }
  }
  file.add({ kind: "resize", name: "made pictures", pictures });
}
