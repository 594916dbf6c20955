import { gzipSync } from "node:zlib";
import { openSource } from "../../../../src/data/source-config";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

function idxFile(shape: number[], values: number[], type = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt8(type, 2);
  header.writeUInt8(shape.length, 3);
  for (const [axis, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * axis);
  return Buffer.concat([header, Buffer.from(values)]);
}

const threeImages = idxFile([3, 1, 2], [1, 2, 3, 4, 5, 6]);

/** The sum before the length at the end of a gzip file, changed. */
function withWrongSum(packed: Buffer): Buffer {
  packed.writeUInt32LE(~packed.readUInt32LE(packed.length - 8) >>> 0, packed.length - 8);
  return packed;
}

describe("idx", () => {
  const folder = useTemporaryFolder();
  const open = (options: object = {}, labels?: string[]) =>
    openSource({ source: "idx", images: "images", labels: "labels", ...options } as { source: string }, {
      baseFolder: folder.path,
      labels,
    });
  const write = (images: Uint8Array, labels: Uint8Array) => {
    folder.write("images", images);
    folder.write("labels", labels);
  };

  it.each([false, true])("reads images and numeric labels (gzip: %s)", async (isPacked) => {
    const pack = (file: Buffer) => (isPacked ? gzipSync(file) : file);
    write(pack(threeImages), pack(idxFile([3], [10, 9, 10])));
    const set = await open();
    expect(set.count).toBe(3);
    expect(set.targets).toEqual({ kind: "class", labels: ["9", "10"], indices: Int32Array.of(1, 0, 1) });
    expect(set.origin(2)).toBe("images image 2");
    if (set.inputs.kind !== "image") throw new Error("not images");
    expect(set.inputs.image(1)).toEqual({ pixels: Uint8Array.of(3, 4), width: 2, height: 1, channels: 1 });
  });

  it("gives views into the file, not copies", async () => {
    write(threeImages, idxFile([3], [0, 1, 0]));
    const { inputs } = await open();
    if (inputs.kind !== "image") throw new Error("not images");
    const [first, last] = [inputs.image(0), inputs.image(2)];
    if (!("pixels" in first && "pixels" in last)) throw new Error("not pixels");
    expect(first.pixels.buffer).toBe(last.pixels.buffer);
  });

  it("reads three channels, and a test part of its own with a size of its own", async () => {
    write(idxFile([2, 1, 1, 3], [1, 2, 3, 4, 5, 6]), idxFile([2], [0, 1]));
    folder.write("ti", idxFile([1, 2, 1, 1], [7, 8]));
    folder.write("tl", idxFile([1], [1]));
    const set = await open({ testImages: "ti", testLabels: "tl" });
    expect([0, 1, 2].map((index) => set.ownSplit(index))).toEqual([undefined, undefined, "test"]);
    if (set.inputs.kind !== "image") throw new Error("not images");
    expect(set.inputs.image(1)).toMatchObject({ pixels: Uint8Array.of(4, 5, 6), channels: 3 });
    expect(set.inputs.image(2)).toMatchObject({ pixels: Uint8Array.of(7, 8), height: 2, width: 1, channels: 1 });
    expect(set.origin(2)).toBe("ti image 0");
  });

  it("names labels by labelNames, and by a model's labels where the config states none", async () => {
    write(threeImages, idxFile([3], [2, 0, 2]));
    const named = { kind: "class", labels: ["a", "b", "c"], indices: Int32Array.of(2, 0, 2) };
    expect((await open({ labelNames: ["a", "b", "c"] })).targets).toEqual(named);
    expect((await open({}, ["a", "b", "c"])).targets).toEqual(named);
    expect((await open({}, ["2", "0", "7"])).targets).toMatchObject({ indices: Int32Array.of(0, 1, 0) });
  });

  it.each<[string, Uint8Array, Uint8Array, RegExp]>([
    ["an empty file", Buffer.alloc(0), idxFile([3], [0, 1, 0]), /images is too short for an IDX file/],
    ["another file", Buffer.from("\x89PNG and more"), idxFile([3], [0, 1, 0]), /images is not an IDX file/],
    ["another type", idxFile([3, 1, 2], [], 13), idxFile([3], [0, 1, 0]), /values of type 0xd/],
    ["exchanged files", idxFile([3], [0, 1, 0]), threeImages, /images has 1 axes instead of 3 or 4/],
    [
      "a file cut off",
      threeImages.subarray(0, 20),
      idxFile([3], [0, 1, 0]),
      /images is cut off: its header says 6 values/,
    ],
    [
      "a longer file",
      Buffer.concat([threeImages, Buffer.of(1)]),
      idxFile([3], [0, 1, 0]),
      /longer than its header says/,
    ],
    ["a giant header", idxFile([4_000_000_000, 4000, 4000], [1]), idxFile([3], [0, 1, 0]), /too small for them/],
    ["gzip cut off", gzipSync(threeImages).subarray(0, 30), idxFile([3], [0, 1, 0]), /images is cut off or damaged/],
    ["gzip damaged", withWrongSum(gzipSync(threeImages)), idxFile([3], [0, 1, 0]), /images is cut off or damaged/],
    ["unequal counts", threeImages, idxFile([2], [0, 1]), /has 3 images, but .*labels has 2 labels/],
    ["no images", idxFile([0, 1, 2], []), idxFile([0], []), /has no images/],
    ["two channels", idxFile([1, 1, 1, 2], [1, 2]), idxFile([1], [0]), /images of 2 channels/],
    ["one class", threeImages, idxFile([3], [4, 4, 4]), /only one class, "4"/],
  ])("refuses %s, naming the file", async (_, images, labels, message) => {
    write(images, labels);
    await expect(open()).rejects.toThrow(message);
    await expect(open()).rejects.toMatchObject({ exitCode: 4 });
  });

  it("refuses a label out of range, naming image and file", async () => {
    write(threeImages, idxFile([3], [0, 1, 5]));
    await expect(open({ labelNames: ["a", "b"] })).rejects.toThrow(
      /labels: label 5 of image 2 is out of range: 2 are named/,
    );
  });

  it("refuses a missing file, a folder, and test images without labels", async () => {
    write(threeImages, idxFile([3], [0, 1, 0]));
    await expect(open({ images: "none" })).rejects.toThrow(/There is no file .*none/);
    await expect(open({ images: "." })).rejects.toThrow(/A folder is where a file is expected/);
    await expect(open({ testImages: "images" })).rejects.toThrow(/testImages is stated without its counterpart/);
  });
});
