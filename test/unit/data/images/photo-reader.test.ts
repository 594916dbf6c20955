import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { decodeFile, withImageFile } from "../../../../src/data/images/decode-image";
import { isAsSharp } from "../../../../src/data/images/is-as-sharp";
import { openPhotoReader } from "../../../../src/data/images/open-photo-reader";
import { type PhotoReader, photoReader } from "../../../../src/data/images/photo-reader";
import { type ResizeOptions, resize } from "../../../../src/data/images/resize";
import { decodePolicy, type ImageRecord } from "../../../../src/data/preprocess/preprocessing-record";
import { processFile, processImage } from "../../../../src/data/preprocess/process-image";
import { loadPhotoAddon } from "../../../../src/runtime/photo-addon";
import { projectFolder } from "../../../helpers/run-dlctl";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

const folder = useTemporaryFolder();
const describePhotos = loadPhotoAddon() ? describe : describe.skip;

/** Noise, in which no wrong weight goes unseen. */
function noise(width: number, height: number, seed = 1): sharp.Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0, value = seed; i < data.length; i++) {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    data[i] = value >>> 24;
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

const limits = { pixels: 4e6, bytes: 1e8 };
const resizeTo = (width: number, height: number, more: Partial<ResizeOptions> = {}): ResizeOptions => ({
  width,
  height,
  fit: "cover",
  kernel: "lanczos3",
  background: [9, 8, 7],
  ...more,
});

/** Both ways that sharp goes: while it decodes, and afterwards. */
async function bySharp(bytes: Buffer, options: ResizeOptions, isOnLoad: boolean) {
  const request = { origin: "a test", background: [0, 0, 0] as const, limits };
  if (isOnLoad) return (await decodeFile({ bytes }, { ...request, resize: options }))?.data;
  const decoded = await decodeFile({ bytes }, request);
  return decoded && (await resize.apply({ ...options, background: [9, 8, 7] }, decoded)).data;
}

describePhotos("photographs read by our own code", () => {
  let reader: PhotoReader;
  beforeAll(async () => {
    const opened = await openPhotoReader();
    if (!opened) throw new Error("its pixels are not those of sharp");
    reader = opened;
  });

  async function expectSame(bytes: Buffer, options: ResizeOptions, ways = [true, false]) {
    for (const isOnLoad of ways) {
      const read = await reader.read(bytes, { options, isOnLoad });
      const expected = await bySharp(bytes, options, isOnLoad);
      expect([read?.width, read?.height, read?.channels]).toEqual([options.width, options.height, 3]);
      const isSame = Buffer.compare(read?.data ?? Buffer.of(), expected ?? Buffer.of()) === 0;
      expect({ isOnLoad, options, isSame }).toEqual({ isOnLoad, options, isSame: true });
    }
  }

  test.each(["cover", "contain", "fill"] as const)("have sharp's pixels, smaller and larger: %s", async (fit) => {
    const bytes = await noise(101, 67).jpeg().toBuffer();
    for (const [width, height] of [
      [60, 40],
      [40, 40],
      [101, 67],
      [32, 33],
      [150, 140],
      [333, 101],
    ] as const)
      await expectSame(bytes, resizeTo(width, height, { fit }));
  });

  test.each(["linear", "cubic", "mitchell", "lanczos2", "lanczos3"] as const)("by the kernel %s", async (kernel) => {
    const bytes = await noise(90, 83).jpeg({ chromaSubsampling: "4:4:4" }).toBuffer();
    await expectSame(bytes, resizeTo(64, 48, { kernel }));
    await expectSame(bytes, resizeTo(31, 30, { kernel, fit: "fill" }));
    if (kernel !== "linear") await expectSame(bytes, resizeTo(128, 128, { kernel }));
  });

  // Where a place lies between two phases, the last bit of a sum decides, and with it where sums begin.
  test.each([
    [361, 409, 224, 384],
    [325, 389, 32, 384],
    [498, 319, 192, 192],
    [363, 235, 192, 192],
    [100, 75, 192, 144],
  ])("also where rounding decides: %d x %d to %d x %d", async (width, height, madeWidth, madeHeight) => {
    const bytes = await noise(width, height).jpeg().toBuffer();
    for (const fit of ["cover", "contain", "fill"] as const) {
      const options = resizeTo(madeWidth, madeHeight, { fit });
      if (await reader.read(bytes, { options, isOnLoad: true })) await expectSame(bytes, options);
    }
    await expectSame(bytes, resizeTo(madeWidth, madeHeight));
  });

  test("progressive, gray, and with a colour profile, which is converted first", async () => {
    const options = resizeTo(40, 40);
    await expectSame(await noise(70, 60).jpeg({ progressive: true }).toBuffer(), options);
    const gray = await noise(70, 60).greyscale().toColourspace("b-w").jpeg().toBuffer();
    await expectSame(gray, options, [false]);
    await expectSame(await noise(70, 60).jpeg().withIccProfile("p3").toBuffer(), options);
    await expectSame(await noise(70, 60).jpeg().withIccProfile("srgb").toBuffer(), options);
  });

  test("PNG files, which sharp resizes afterwards", async () => {
    const gray = noise(70, 60).greyscale().toColourspace("b-w");
    const p3 = noise(70, 60).png().withIccProfile("p3");
    for (const png of [noise(70, 60).png(), noise(71, 60).png({ progressive: true }), gray.png(), p3]) {
      await expectSame(await png.toBuffer(), resizeTo(40, 40), [false]);
    }
    await expectSame(await noise(363, 235).png().toBuffer(), resizeTo(192, 192), [false]);
    const palette = await noise(70, 60).png({ palette: true }).toBuffer();
    const deep = await noise(70, 60).toColourspace("rgb16").png().toBuffer();
    for (const other of [palette, deep]) {
      expect(await reader.read(other, { options: resizeTo(40, 40), isOnLoad: false })).toBeUndefined();
    }
    const cut = await noise(70, 60).png().toBuffer();
    for (let length = 0; length < cut.length; length += 211) {
      expect(await reader.read(cut.subarray(0, length))).toBeUndefined();
    }
  });

  test("without a resize, and into the memory that is given", async () => {
    const bytes = await noise(33, 21).jpeg().toBuffer();
    const expected = await decodeFile({ bytes }, { origin: "a test", background: [0, 0, 0], limits });
    const target = new Uint8Array(33 * 21 * 3);
    const read = await reader.read(bytes, undefined, target);
    expect(read?.data).toBe(target);
    expect(Buffer.compare(target, expected?.data ?? Buffer.of())).toBe(0);
    expect((await reader.read(bytes, undefined, new Uint8Array(5)))?.data).toEqual(target);
  });

  test("what sharp is left with: turned, CMYK, large, damaged, other formats and kernels", async () => {
    const at = (bytes: Buffer, options = resizeTo(40, 40)) => reader.read(bytes, { options, isOnLoad: true });
    const bytes = await noise(80, 70).jpeg().toBuffer();
    expect(await at(bytes)).toBeDefined();
    const turned = await noise(80, 70).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const cmyk = await noise(80, 70).toColourspace("cmyk").jpeg().toBuffer();
    const clear = await noise(80, 70).ensureAlpha(0.5).png().toBuffer();
    const large = await sharp({ create: { width: 2000, height: 2000, channels: 3, background: "red" } })
      .jpeg()
      .toBuffer();
    for (const other of [turned, cmyk, large, clear, await noise(80, 70).webp().toBuffer()]) {
      expect(await at(other)).toBeUndefined();
    }
    expect(await at(bytes, resizeTo(40, 40, { kernel: "nearest" }))).toBeUndefined();
    expect(await at(bytes, resizeTo(99, 99, { kernel: "linear" }))).toBeUndefined();
    // libvips averages pixels before it weighs them.
    expect(await at(bytes, resizeTo(10, 10))).toBeUndefined();
    for (let length = 0; length < bytes.length; length += 97) {
      expect(await at(bytes.subarray(0, length))).toBeUndefined();
    }
    const broken = Buffer.from(bytes);
    broken.fill(0xff, 1500, 1540);
    expect(await at(broken)).toBeUndefined();
  });

  /** What became of a file by `read`: its pixels, or why it was refused. */
  async function outcome(read: () => Promise<{ data: Uint8Array } | undefined>) {
    try {
      return Buffer.from((await read())?.data ?? []).toString("base64");
    } catch (error) {
      return (error as Error).message;
    }
  }

  const record: ImageRecord = {
    kind: "image",
    decode: decodePolicy([0, 0, 0]),
    input: { width: null, height: null, channels: 3 },
    ops: [{ op: "resize", ...resizeTo(40, 40), background: [0, 0, 0] }],
    normalize: [],
  };

  /** Whether the file is refused, which must be the same with and without the reader, as must be its pixels. */
  async function isRefused(path: string): Promise<boolean> {
    const fast = { photos: reader, target: new Uint8Array(40 * 40 * 3) };
    const read = await outcome(() => {
      return withImageFile(path, path, (file, within) => processFile(file, path, record, within, fast));
    });
    expect({ path, read }).toEqual({ path, read: await outcome(() => processImage({ path }, path, record)) });
    return read.startsWith(path);
  }

  test.each(["jpeg", "png"] as const)(
    "a damaged %s is refused with sharp's words, and never read in part",
    async (format) => {
      const bytes = await noise(200, 150).toFormat(format).toBuffer();
      let refused = 0;
      for (let i = 0; i < 60; i++) {
        const damaged = Buffer.from(bytes);
        // Somewhere in the header, or anywhere.
        const range = i % 2 === 0 ? 700 : damaged.length;
        for (let k = 0; k < 3; k++) damaged[(i * 977 + k * 31) % range] = (i * 37 + k) & 255;
        if (await isRefused(folder.write(`damaged.${format}`, damaged))) refused++;
      }
      for (let missing = 1; missing < 24; missing++) {
        await isRefused(folder.write(`cut.${format}`, bytes.subarray(0, bytes.length - missing)));
      }
      expect(refused).toBeGreaterThan(5);
    },
  );

  const awkward = join(projectFolder, "..", "shared", "data", "awkward-images");
  (existsSync(awkward) ? test : test.skip)("awkward files are as with sharp", async () => {
    const files = readdirSync(awkward, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.(jpe?g|png)$/i.test(name),
    );
    let refused = 0;
    for (const file of files) if (await isRefused(join(awkward, file))) refused++;
    expect(refused).toBeGreaterThan(5);
    expect(files.length - refused).toBeGreaterThan(20);
  });

  const flowers = join(projectFolder, "data", "flowers", "train");
  (existsSync(flowers) ? test : test.skip)("real photographs have sharp's pixels", async () => {
    const files = readdirSync(flowers).flatMap((name) => {
      return readdirSync(join(flowers, name))
        .slice(0, 12)
        .map((file) => join(flowers, name, file));
    });
    for (const file of files) await expectSame(readFileSync(file), resizeTo(224, 224), [true]);
  });
});

test("a reader whose pixels are others is not taken", async () => {
  const wrong = photoReader({
    async read(_, __, out) {
      out.fill(7);
      return true;
    },
  });
  expect((await wrong.read(await noise(20, 20).jpeg().toBuffer()))?.data[0]).toBe(7);
  expect(await isAsSharp(wrong)).toBe(false);
});
