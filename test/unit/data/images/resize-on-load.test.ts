import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { jpegFrame } from "../../../../src/data/images/jpeg-frame";
import { decodePolicy, type ImageRecord } from "../../../../src/data/preprocess/preprocessing-record";
import { processImage } from "../../../../src/data/preprocess/process-image";
import { DataError } from "../../../../src/shared/errors";
import { projectFolder } from "../../../helpers/run-dlctl";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

const folder = useTemporaryFolder();

const resize = {
  op: "resize",
  width: 40,
  height: 30,
  fit: "cover",
  kernel: "lanczos3",
  background: [9, 8, 7],
} as const;

const recordOf = (shrinkOnLoad: false | "jpeg", options: object = {}): ImageRecord => ({
  kind: "image",
  decode: { ...decodePolicy([0, 0, 0]), shrinkOnLoad },
  input: { width: null, height: null, channels: 3 },
  ops: [{ ...resize, ...options } as never, { op: "crop", width: 20, height: 20 }],
  normalize: [],
});

/** The image by decoding it whole and then resizing, and by both at once. */
async function both(path: string, options: object = {}) {
  const of = (shrinkOnLoad: false | "jpeg") => processImage({ path }, path, recordOf(shrinkOnLoad, options));
  const [whole, atOnce] = await Promise.all([of(false), of("jpeg")]);
  expect([atOnce.width, atOnce.height, atOnce.channels]).toEqual([whole.width, whole.height, whole.channels]);
  const differences = whole.data.map((value, at) => Math.abs(value - (atOnce.data[at] as number)));
  return {
    most: Math.max(...differences),
    mean: differences.reduce((sum, each) => sum + each, 0) / differences.length,
  };
}

/** Soft waves of colour, as photographs have them. */
async function photo(width: number, height: number, change: (image: sharp.Sharp) => sharp.Sharp = (image) => image) {
  const [columns, rows] = [96, 72];
  const data = Buffer.alloc(columns * rows * 3);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const at = (y * columns + x) * 3;
      data[at] = 128 + 100 * Math.sin((9 * x) / columns + 2);
      data[at + 1] = 128 + 100 * Math.sin((7 * y) / rows);
      data[at + 2] = 128 + 100 * Math.cos((5 * x) / columns + (4 * y) / rows);
    }
  }
  const waves = sharp(data, { raw: { width: columns, height: rows, channels: 3 } });
  const jpeg = waves.resize(width, height, { fit: "fill", kernel: "cubic" }).jpeg({ quality: 95 });
  return folder.write(`${width}x${height}.jpg`, await change(jpeg).toBuffer());
}

describe("a JPEG under 4 megapixels", () => {
  test.each(["cover", "contain", "fill"])("has the same pixels, whichever way: %s", async (fit) => {
    expect((await both(await photo(79, 59), { fit })).most).toBe(0);
    expect((await both(await photo(119, 100), { fit })).most).toBe(0);
    expect((await both(await photo(20, 30), { fit })).most).toBe(0);
    expect((await both(await photo(333, 250), { fit })).most).toBe(0);
    expect((await both(await photo(40, 30), { fit })).most).toBe(0);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("also when its EXIF orientation is %d", async (orientation) => {
    const { most } = await both(await photo(100, 80, (image) => image.withMetadata({ orientation })));
    expect(most).toBeLessThanOrEqual(orientation < 5 ? 0 : 1);
  });

  test("also with a colour profile, which is converted first", async () => {
    expect((await both(await photo(110, 100, (image) => image.withIccProfile("p3")))).most).toBe(0);
  });

  test.each(["linear", "cubic", "mitchell", "lanczos2", "lanczos3"])("also by the kernel %s", async (kernel) => {
    expect((await both(await photo(110, 100), { kernel })).most).toBe(0);
  });
});

test.each([
  [2500, 1700],
  [1503, 3001],
])("a JPEG of %dx%d is decoded smaller, and differs by a few of 255 at most", async (width, height) => {
  const { most, mean } = await both(await photo(width, height));
  expect(most).toBeLessThanOrEqual(6);
  expect(mean).toBeLessThan(1);
});

test("gray and CMYK files, other kernels and formats go the long way", async () => {
  const gray = await photo(500, 400, (image) => image.greyscale().toColourspace("b-w"));
  const cmyk = await photo(501, 400, (image) => image.toColourspace("cmyk"));
  const png = await photo(502, 400, (image) => image.png());
  expect([gray, cmyk, png].map((path) => jpegFrame(readFileSync(path))?.components)).toEqual([1, 4, undefined]);
  for (const path of [gray, cmyk, png]) expect((await both(path, { fit: "contain" })).most).toBe(0);
  expect((await both(await photo(503, 400), { kernel: "nearest" })).most).toBe(0);
});

test("a large JPEG that is cut off or damaged is refused all the same", async () => {
  const bytes = readFileSync(await photo(900, 700));
  const cut = folder.write("cut.jpg", bytes.subarray(0, bytes.length * 0.7));
  await expect(processImage({ path: cut }, cut, recordOf("jpeg"))).rejects.toThrow(DataError);
  await expect(processImage({ path: cut }, cut, recordOf("jpeg"))).rejects.toThrow(/damaged/);
});

test("jpegFrame reads no further than the bytes there are", async () => {
  const bytes = readFileSync(await photo(60, 50));
  const frame = { width: 60, height: 50, components: 3 };
  expect(jpegFrame(bytes)).toEqual(frame);
  for (let length = 0; length < 700; length++) {
    expect([undefined, frame]).toContainEqual(jpegFrame(bytes.subarray(0, length)));
  }
});

const awkward = join(projectFolder, "..", "shared", "data", "awkward-images");
const jpegs = ["jpeg", "exif-jpeg"].flatMap((name) =>
  existsSync(join(awkward, name)) ? readdirSync(join(awkward, name)).map((file) => join(awkward, name, file)) : [],
);

(jpegs.length > 0 ? test : test.skip)("awkward JPEGs are refused, or differ little, both ways", async () => {
  let compared = 0;
  for (const path of jpegs) {
    const of = (shrinkOnLoad: false | "jpeg") =>
      processImage({ path }, path, recordOf(shrinkOnLoad)).catch((error: unknown) => {
        if (error instanceof DataError) return error;
        throw error;
      });
    const [whole, atOnce] = await Promise.all([of(false), of("jpeg")]);
    if (whole instanceof DataError || atOnce instanceof DataError) {
      expect({ path, errors: [whole, atOnce].every((each) => each instanceof DataError) }).toEqual({
        path,
        errors: true,
      });
      continue;
    }
    compared++;
    const mean = whole.data.reduce((sum, value, at) => sum + Math.abs(value - (atOnce.data[at] as number)), 0);
    expect({ path, isNear: mean / whole.data.length < 1.5 }).toEqual({ path, isNear: true });
  }
  expect(compared).toBeGreaterThan(10);
});
