import fc from "fast-check";
import { fileSystemPath, pathFromBytes } from "../../../src/shared/path-bytes";

const toBytes = (path: string) => Buffer.from(fileSystemPath(path) as Buffer);

describe("pathFromBytes and fileSystemPath", () => {
  it("leave UTF-8 as it is", () => {
    expect(pathFromBytes(Buffer.from("ä/日本/🌱.png"))).toBe("ä/日本/🌱.png");
    expect(fileSystemPath("ä/日本/🌱.png")).toBe("ä/日本/🌱.png");
  });

  it("make of every other byte a unit of its own", () => {
    expect(pathFromBytes(Buffer.from("a\xff\xe9.png", "latin1"))).toBe("a\udcff\udce9.png");
    // A surrogate in UTF-8 is no UTF-8.
    expect(pathFromBytes(Buffer.of(0xed, 0xb3, 0xbf))).toBe("\udced\udcb3\udcbf");
  });

  it("give back any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(toBytes(pathFromBytes(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it("give back bytes that are text in part", () => {
    const piece = fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const bytes = Buffer.concat(pieces.map((each) => Buffer.from(each as string)));
        expect(toBytes(pathFromBytes(bytes))).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });
});
