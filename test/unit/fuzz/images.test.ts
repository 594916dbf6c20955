import sharp from "sharp";
import { decodeImage, readImageSize } from "../../../src/data/images/decode-image";
import { byteChanges, changeBytes } from "../../helpers/corruptions";
import { fuzzTest } from "../../helpers/fuzz";
import { useTemporaryFolder } from "../../helpers/temporary-folder";

const folder = useTemporaryFolder();

/** A small picture with detail and transparency in each format. */
async function pictures(): Promise<Map<string, Buffer>> {
  const [width, height] = [24, 16];
  const pixels = Buffer.from(
    Array.from({ length: width * height * 4 }, (_, index) => (index * 37 + (index >> 3)) & 255),
  );
  const raw = () => sharp(pixels, { raw: { width, height, channels: 4 } });
  return new Map([
    ["jpeg", await raw().jpeg().toBuffer()],
    ["progressive jpeg", await raw().jpeg({ progressive: true }).withMetadata({ orientation: 6 }).toBuffer()],
    ["png", await raw().png().toBuffer()],
    ["palette png", await raw().png({ palette: true, progressive: true }).toBuffer()],
    ["webp", await raw().webp({ lossless: true }).toBuffer()],
    ["lossy webp", await raw().webp({ quality: 40 }).toBuffer()],
    ["gif", await raw().gif().toBuffer()],
    ["tiff", await raw().tiff({ compression: "lzw" }).toBuffer()],
    ["avif", await raw().avif({ effort: 0 }).toBuffer()],
  ]);
}

const formats = ["jpeg", "progressive jpeg", "png", "palette png", "webp", "lossy webp", "gif", "tiff", "avif"];
let made: Map<string, Buffer>;
beforeAll(async () => {
  made = await pictures();
});

describe.each(formats)("%s", (format) => {
  fuzzTest("images of other bytes", byteChanges, { runs: 60 }, async (changes) => {
    const path = folder.write("image", changeBytes(made.get(format) as Buffer, changes));
    const size = await readImageSize({ path }, "image").catch(() => undefined);
    const { data, width, height, channels } = await decodeImage({ path }, "image");
    expect(data).toHaveLength(width * height * 3);
    expect(channels).toBe(3);
    expect(size).toEqual({ width, height });
  });
});
