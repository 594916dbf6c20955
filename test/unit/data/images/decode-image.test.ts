import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import sharp from "sharp";
import { type Colour, decodeImage, readImageSize } from "../../../../src/data/images/decode-image";
import { hasForeignProfile } from "../../../../src/data/images/has-foreign-profile";
import { DataError } from "../../../../src/shared/errors";
import { projectFolder } from "../../../helpers/run-dlctl";

const fixtures = join(projectFolder, "test", "fixtures", "images");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-images-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** sharp reading pixels that are given row by row, to write them in a file format. */
function picture(data: number[], width: number, channels: 1 | 2 | 3 | 4): sharp.Sharp {
  const height = data.length / width / channels;
  return sharp(Uint8Array.from(data), { raw: { width, height, channels } });
}

async function decode(path: string, background?: Colour) {
  const { data, width, height, channels } = await decodeImage({ path }, path, background);
  expect(channels).toBe(3);
  expect(data).toHaveLength(width * height * 3);
  return { width, height, data: Array.from(data) };
}

async function failure(path: string): Promise<DataError> {
  const error = await decodeImage({ path }, path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DataError)) throw new Error(`${path} ended with ${String(error)}`);
  return error;
}

const rgb = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90];

describe("decodeImage", () => {
  test.each(["png", "webp", "tiff"] as const)("gives a lossless %s pixel for pixel", async (format) => {
    const encoded = await picture(rgb, 3, 3)
      .toFormat(format, format === "png" ? {} : format === "webp" ? { lossless: true } : { compression: "none" })
      .toBuffer();
    expect(await decode(file(`rgb.${format}`, encoded))).toEqual({ width: 3, height: 2, data: rgb });
  });

  test.each(["jpeg", "gif", "avif"] as const)("reads %s nearly pixel for pixel", async (format) => {
    const flat = Array.from({ length: 16 * 16 }, () => [200, 100, 50]).flat();
    const encoded = await picture(flat, 16, 3).toFormat(format, { quality: 95 }).toBuffer();
    const { data } = await decode(file(`flat.${format}`, encoded));
    expect(data).toHaveLength(flat.length);
    expect(Math.max(...data.map((value, index) => Math.abs(value - (flat[index] as number))))).toBeLessThanOrEqual(4);
  });

  test("gray becomes three equal channels", async () => {
    const path = file("gray.png", await picture([0, 100, 200, 255], 2, 1).toColourspace("b-w").png().toBuffer());
    expect((await sharp(path).metadata()).channels).toBe(1);
    expect((await decode(path)).data).toEqual([0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255]);
  });

  test("a palette becomes the colours that it stands for", async () => {
    const encoded = await picture(rgb, 3, 3).png({ palette: true, colours: 8, dither: 0 }).toBuffer();
    expect((await sharp(encoded).metadata()).isPalette).toBe(true);
    expect((await decode(file("palette.png", encoded))).data).toEqual(rgb);
  });

  test("transparency is blended on black, or on the background given", async () => {
    const path = file(
      "alpha.png",
      await picture([200, 100, 50, 0, 200, 100, 50, 102, 200, 100, 50, 255], 3, 4).png().toBuffer(),
    );
    expect((await decode(path)).data).toEqual([0, 0, 0, 80, 40, 20, 200, 100, 50]);
    // 0.4 of the colour and 0.6 of the background.
    expect((await decode(path, [255, 255, 0])).data).toEqual([255, 255, 0, 233, 193, 20, 200, 100, 50]);
  });

  test("CMYK becomes RGB: paper is white, and hues stay what they were", async () => {
    const colours = [
      [255, 255, 255],
      [220, 40, 40],
      [40, 60, 150],
    ].flatMap((colour) => Array(64).fill(colour).flat());
    const encoded = await picture(colours, 8, 3).toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(encoded).metadata()).space).toBe("cmyk");
    const { data, height } = await decode(file("cmyk.jpg", encoded));
    expect(height).toBe(24);
    const at = (row: number) => data.slice(row * 24, row * 24 + 3) as [number, number, number];
    expect(Math.min(...at(3))).toBeGreaterThan(250);
    const [red, blue] = [at(11), at(19)];
    expect(red[0]).toBeGreaterThan(2 * Math.max(red[1], red[2]));
    expect(blue[2]).toBeGreaterThan(Math.max(blue[0], blue[1]) + 40);
  });

  test("16-bit samples lose their lower byte", async () => {
    const path = join(fixtures, "basi2c16.png");
    const { data, width, height } = await sharp(path)
      .raw({ depth: "ushort" })
      .toColourspace("rgb16")
      .toBuffer({ resolveWithObject: true })
      .then(({ data, info }) => ({ ...info, data: new Uint16Array(data.buffer, data.byteOffset, data.length / 2) }));
    // So that the test is not empty: rounding would give other values.
    expect(data.some((value) => Math.round(value / 257) !== value >> 8)).toBe(true);
    const decoded = await decode(path);
    expect(decoded).toEqual({ width, height, data: Array.from(data, (value) => value >> 8) });
  });

  test("16-bit gray with alpha is blended, too", async () => {
    const black = await decode(join(fixtures, "basi4a16.png"));
    const white = await decode(join(fixtures, "basi4a16.png"), [255, 255, 255]);
    expect([black.width, black.height]).toEqual([32, 32]);
    expect(black.data.every((value, index) => value <= (white.data[index] as number))).toBe(true);
    expect(black.data).not.toEqual(white.data);
  });

  test("1-bit palettes are read as an independent reading of the file says", async () => {
    const path = join(fixtures, "basn3p01.png");
    expect((await decode(path)).data).toEqual(readPalettePng(readFileSync(path)));
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("EXIF orientation %d is applied first", async (orientation) => {
    // Stored pixels such that the picture shown is always 3 wide and 2 high with this red channel.
    const shown = [10, 60, 110, 160, 210, 250];
    const stored = storedPixels(shown, 3, orientation);
    const width = orientation < 5 ? 3 : 2;
    const encoded = await picture(
      stored.flatMap((value) => [value, 0, 0]),
      width,
      3,
    )
      .withMetadata({ orientation })
      .png()
      .toBuffer();
    expect((await sharp(encoded).metadata()).orientation).toBe(orientation);
    const path = file(`orientation-${orientation}.png`, encoded);
    expect(await decode(path)).toEqual({ width: 3, height: 2, data: shown.flatMap((value) => [value, 0, 0]) });
    expect(await readImageSize({ path }, path)).toEqual({ width: 3, height: 2 });
  });

  test("colours with a profile other than sRGB are converted, in PNG and JPEG", async () => {
    const flat = Array.from({ length: 16 * 16 }, () => [100, 150, 200]).flat();
    for (const format of ["png", "jpeg"] as const) {
      const encoded = await picture(flat, 16, 3).withIccProfile("p3").toFormat(format, { quality: 100 }).toBuffer();
      // Display P3 holds the same colour by other numbers.
      const raw = await sharp(encoded, { ignoreIcc: true }).raw().toBuffer();
      expect(Math.abs((raw[0] as number) - 100)).toBeGreaterThan(5);
      const { data } = await decode(file(`p3.${format}`, encoded));
      expect(Math.abs((data[0] as number) - 100)).toBeLessThanOrEqual(2);
      expect(hasForeignProfile(encoded)).toBe(true);
    }
  });

  test("an sRGB profile in a JPEG is not converted once more", async () => {
    const encoded = await picture(Array(768).fill(120), 16, 3).withIccProfile("srgb").jpeg().toBuffer();
    expect(encoded.indexOf("ICC_PROFILE")).toBeGreaterThan(0);
    expect(hasForeignProfile(encoded)).toBe(false);
    expect(hasForeignProfile(await picture(Array(768).fill(120), 16, 3).jpeg().toBuffer())).toBe(false);
  });

  test("of an animation, the first frame is taken", async () => {
    const frames = [255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255];
    const encoded = await sharp(Uint8Array.from(frames), { raw: { width: 2, height: 2, channels: 3, pageHeight: 1 } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    expect((await sharp(encoded).metadata()).pages).toBe(2);
    expect(await decode(file("animated.gif", encoded))).toEqual({ width: 2, height: 1, data: [255, 0, 0, 255, 0, 0] });
  });

  test("pixels that are there already are given as they are", async () => {
    const pixels = Uint8Array.of(1, 2, 3, 4);
    const decoded = await decodeImage({ pixels, width: 2, height: 2, channels: 1 }, "images.gz image 0");
    expect(decoded).toEqual({ data: pixels, width: 2, height: 2, channels: 1 });
    expect(decoded.data).toBe(pixels);
  });

  test.each(["a\nb.png", "page[page=3].png", " spaced .png", "ünï.PNG", "-.png"])(
    "a file named %j is read",
    async (name) => {
      expect((await decode(file(name, await picture(rgb, 3, 3).png().toBuffer()))).data).toEqual(rgb);
    },
  );
});

describe("decodeImage refuses, naming the file, what is wrong, and how to mend it,", () => {
  const png = () =>
    picture(
      Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 7919) % 251),
      64,
      3,
    )
      .png()
      .toBuffer();
  const jpeg = () =>
    picture(
      Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 7919) % 251),
      64,
      3,
    )
      .jpeg()
      .toBuffer();
  const changed = async (encoded: Promise<Buffer>, change: (bytes: Buffer) => Buffer) =>
    change(Buffer.from(await encoded));

  test.each<[string, () => Promise<string> | string, string]>([
    ["a missing file", () => join(folder, "none.png"), "there is no such file"],
    ["a file as a folder", () => join(file("plain.png", "x"), "x.png"), "there is no such file"],
    ["a folder", () => folder, "this is a folder"],
    ["an empty file", () => file("empty.png", ""), "the file is empty"],
    ["text named .png", () => file("text.png", "I am not a picture.\n"), "is not an image"],
    ["an HTML page", () => file("page.jpg", "<!doctype html><title>404</title>"), "is not an image"],
    [
      "a cut PNG",
      async () => file("cut.png", await changed(png(), (bytes) => bytes.subarray(0, bytes.length * 0.6))),
      "the PNG image is damaged",
    ],
    [
      "a cut JPEG",
      async () => file("cut.jpg", await changed(jpeg(), (bytes) => bytes.subarray(0, bytes.length * 0.6))),
      "the JPEG image is damaged",
    ],
    [
      "a JPEG with only its start",
      () => file("start.jpg", Buffer.from([0xff, 0xd8, 0xff])),
      "the JPEG image is damaged",
    ],
    [
      "SVG",
      () => file("a.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      "SVG files are not supported",
    ],
    [
      "BMP",
      () => file("a.bmp", Buffer.from("BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "latin1")),
      "BMP files are not supported",
    ],
    ["PDF", () => file("a.pdf", "%PDF-1.7\n"), "PDF files are not supported"],
    ["wrong bits", () => join(fixtures, "xd9n2c08.png"), "the PNG image is damaged"],
    ["a wrong colour type", () => join(fixtures, "xc1n0g08.png"), "the PNG image is damaged"],
    ["a wrong checksum", () => join(fixtures, "xhdn0g08.png"), "the PNG image is damaged (IHDR: CRC error)"],
  ])("%s", async (_, make, expected) => {
    const path = await make();
    const { message, hint } = await failure(path);
    expect(message).toContain(`${path}: ${expected}`);
    expect(message).not.toContain("\n");
    expect(hint).toBeTruthy();
    await expect(readImageSize({ path: join(folder, "none.png") }, "none.png")).rejects.toThrow(DataError);
  });

  test("a changed byte of pixel data", async () => {
    const damaged = await changed(png(), (bytes) => {
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 0x55;
      return bytes;
    });
    expect((await failure(file("flipped.png", damaged))).message).toContain("the PNG image is damaged");
  });

  test("a canvas of over 100 megapixels, at once", async () => {
    // A sound file of some 300 kB.
    const bomb = await sharp({ create: { width: 12_000, height: 9_000, channels: 3, background: "#000" } })
      .png()
      .toBuffer();
    const { message, hint } = await failure(file("bomb.png", bomb));
    expect(message).toContain("larger than 100 megapixels");
    expect(hint).toContain("smaller");
  });

  (process.getuid?.() === 0 ? test.skip : test)("a file without the right to read it", async () => {
    const path = file("secret.png", await png());
    chmodSync(path, 0);
    expect((await failure(path)).message).toContain("no permission to read the file");
  });

  test("a path that is too long for the file system", async () => {
    expect((await failure(join(folder, `${"x".repeat(300)}.png`))).message).toContain(
      "longer than the file system allows",
    );
  });

  test("a named pipe and a device, without waiting for them to end", async () => {
    const pipe = join(folder, "pipe.png");
    execFileSync("mkfifo", [pipe]);
    expect((await failure(pipe)).message).toContain("this is no regular file");
    expect((await failure("/dev/zero")).message).toContain("this is no regular file");
  });

  test("a file of over 512 MiB, unread", async () => {
    const path = file("long.png", await png());
    truncateSync(path, 600 * 2 ** 20);
    expect((await failure(path)).message).toContain("larger than 512 MiB");
  });

  test("a path with a NUL character, and a loop of links", async () => {
    expect((await failure(join(folder, "a\0b.png"))).message).toContain("NUL character");
    symlinkSync("loop.png", join(folder, "loop.png"));
    expect((await failure(join(folder, "loop.png"))).message).toContain("loop of symbolic links");
  });

  test("a folder named .png", async () => {
    mkdirSync(join(folder, "folder.png"));
    expect((await failure(join(folder, "folder.png"))).message).toContain("this is a folder");
  });
});

/** What a file of `orientation` stores (row by row) so that `shown`, `width` wide and 2 high, is seen. EXIF 2.32, 4.6.5. */
function storedPixels(shown: number[], width: number, orientation: number): number[] {
  const height = shown.length / width;
  const isTurned = orientation >= 5;
  const [columns, rows] = isTurned ? [height, width] : [width, height];
  const stored: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // Where row 0 and column 0 of what is stored are seen: 2 top right, 3 bottom right, 4 bottom left, 5 left top, ...
      const [y, x] = (
        [
          [row, column],
          [row, width - 1 - column],
          [height - 1 - row, width - 1 - column],
          [height - 1 - row, column],
          [column, row],
          [column, width - 1 - row],
          [height - 1 - column, width - 1 - row],
          [height - 1 - column, row],
        ] as const
      )[orientation - 1] as readonly [number, number];
      stored.push(shown[y * width + x] as number);
    }
  }
  return stored;
}

/** RGB of a PNG with 1-bit palette indices, not interlaced, whose rows all have filter 0: written for this one file. */
function readPalettePng(bytes: Buffer): number[] {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    chunks.set(bytes.toString("latin1", at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const palette = chunks.get("PLTE") as Buffer;
  const rows = inflateSync(chunks.get("IDAT") as Buffer);
  const pixels: number[] = [];
  for (let y = 0; y < 32; y++) {
    if (rows[y * 5] !== 0) throw new Error("a row is filtered");
    for (let x = 0; x < 32; x++) {
      const index = ((rows[y * 5 + 1 + (x >> 3)] as number) >> (7 - (x & 7))) & 1;
      pixels.push(...palette.subarray(index * 3, index * 3 + 3));
    }
  }
  return pixels;
}
