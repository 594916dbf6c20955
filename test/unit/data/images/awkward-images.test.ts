import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { decodeImage } from "../../../../src/data/images/decode-image";
import type { Pixels } from "../../../../src/data/images/define-image-op";
import { readableFormats } from "../../../../src/data/images/image-file-format";
import { DataError } from "../../../../src/shared/errors";
import { projectFolder } from "../../../helpers/run-dlctl";

interface Row {
  readonly file: string;
  readonly expect: "accept" | "reject" | "accept-or-reject" | "accept-or-unsupported";
  readonly what: string;
  readonly canvas: string;
  readonly exif_orientation: string;
}

const folder = join(projectFolder, "..", "shared", "data", "awkward-images");
const manifest = join(folder, "MANIFEST.csv");
const rows: Row[] = existsSync(manifest) ? parse(readFileSync(manifest), { columns: true }) : [];

/** Pixels, or the error for people; anything else that is thrown fails the test. */
async function decode({ file }: Row): Promise<Pixels | DataError> {
  const path = join(folder, file);
  try {
    return await decodeImage({ path }, file);
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
}

function expectPixels({ data, width, height, channels }: Pixels, row: Row): void {
  expect(channels).toBe(3);
  expect(data).toHaveLength(width * height * 3);
  const [columns, lines] = row.canvas.split("x").map(Number) as [number, number];
  const sizes =
    row.exif_orientation === ""
      ? [
          [columns, lines],
          [lines, columns],
        ]
      : [shownSize(columns, lines, row)];
  if (row.canvas) expect(sizes).toContainEqual([width, height]);
}

function shownSize(width: number, height: number, row: Row): number[] {
  return Number(row.exif_orientation) >= 5 ? [height, width] : [width, height];
}

function expectClearError(error: DataError, { file }: Row): void {
  expect(error.message.startsWith(`${file}: `)).toBe(true);
  expect(error.message).not.toContain("\n");
  expect(error.message.length).toBeLessThan(250);
  expect(error.hint).toBeTruthy();
}

const outcomes = { accept: 0, reject: 0, "accept-or-reject": 0, "accept-or-unsupported": 0 };

(rows.length > 0 ? describe : describe.skip)("images that other decoders are tested with", () => {
  test.each(rows.length > 0 ? rows : [{ file: "none", expect: "accept" } as Row])("$expect: $file", async (row) => {
    const result = await decode(row);
    outcomes[row.expect]++;
    if (result instanceof DataError) {
      expect(row.expect).not.toBe("accept");
      expectClearError(result, row);
      if (row.expect === "accept-or-unsupported") expect(result.message).toContain("files are not supported");
    } else {
      expect(row.expect).not.toBe("reject");
      expectPixels(result, row);
    }
  });

  test("were all seen", () => {
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(rows.length);
    expect(outcomes.accept).toBeGreaterThan(100);
    expect(outcomes.reject).toBeGreaterThan(15);
  });

  test("the same scene in all eight EXIF orientations looks the same", async () => {
    const scenes = rows.filter(({ file }) => file.startsWith("exif-jpeg/Portrait_"));
    expect(scenes).toHaveLength(8);
    const [first, ...others] = (await Promise.all(scenes.map(decode))) as [Pixels, ...Pixels[]];
    for (const other of others) {
      expect([other.width, other.height]).toEqual([first.width, first.height]);
      let difference = 0;
      let count = 0;
      for (let index = 0; index < first.data.length; index += 97, count++) {
        difference += Math.abs((first.data[index] as number) - (other.data[index] as number));
      }
      // The eight files were compressed each on its own; a wrong turn gives a mean above 30.
      expect(difference / count).toBeLessThan(5);
    }
  });
});

test("messages name the formats that are read", () => {
  expect(readableFormats).toBe("JPEG, PNG, WebP, GIF, TIFF and AVIF");
});
