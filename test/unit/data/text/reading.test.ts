import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { codePoints } from "../../../../src/data/text/code-points";
import { findInvalidUtf8 } from "../../../../src/data/text/find-invalid-utf8";
import { readTextFile } from "../../../../src/data/text/read-text-file";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

describe("findInvalidUtf8", () => {
  it("agrees with Node.js on what is UTF-8, and is sound up to where it points", () => {
    const bytes = fc
      .uint8Array({ maxLength: 12 })
      .chain((rest) =>
        fc.string({ unit: "binary", maxLength: 6 }).map((text) => Buffer.concat([Buffer.from(text), rest])),
      );
    fc.assert(
      fc.property(bytes, (given) => {
        const position = findInvalidUtf8(given);
        expect(position === undefined).toBe(isUtf8(given));
        expect(isUtf8(given.subarray(0, position))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["a lone continuation", [0x61, 0x80], 1],
    ["an overlong slash", [0xc0, 0xaf], 0],
    ["a surrogate", [0x61, 0x62, 0xed, 0xa0, 0x80], 2],
    ["what lies beyond Unicode", [0xf4, 0x90, 0x80, 0x80], 0],
    ["a character that is cut off", [0x61, 0xe2, 0x82], 1],
  ])("finds %s", (_, bytes, position) => {
    expect(findInvalidUtf8(Uint8Array.from(bytes))).toBe(position);
  });
});

describe("codePoints", () => {
  it("counts and cuts by code point", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(20), fc.nat(20), (text, start, end) => {
        const points = Array.from(text);
        const { count, slice } = codePoints(text);
        expect(count).toBe(points.length);
        expect(slice(Math.min(start, count), Math.min(end, count))).toBe(points.slice(start, end).join(""));
      }),
    );
  });
});

describe("readTextFile", () => {
  const folder = useTemporaryFolder();

  it("leaves the byte-order mark out, ends lines with LF, and keeps NUL bytes", async () => {
    expect(await readTextFile(folder.write("a.txt", "\ufeffa\r\nb\rc\0d\n"))).toBe("a\nb\nc\0d\n");
  });

  it("names the byte that is not UTF-8", async () => {
    const path = folder.write("a.txt", Uint8Array.of(0x61, 0x62, 0xff));
    await expect(readTextFile(path)).rejects.toThrow("a.txt is not UTF-8: byte 2 (counted from 0)");
    const utf16 = folder.write("b.txt", Uint8Array.of(0xff, 0xfe, 0x61, 0x00));
    await expect(readTextFile(utf16)).rejects.toMatchObject({ hint: expect.stringContaining("UTF-16") });
  });
});
