import { DataError } from "../../shared/errors";
import { imageFileFormat, readableFormats } from "./image-file-format";

/** More pixels than this are refused before any memory is taken for them. */
export const largestImagePixels = 100_000_000;

/** Whether libvips refused an image for its `limitInputPixels`. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && /exceeds pixel limit/.test(error.message);
}

const read = new Set(readableFormats.split(/, | and /));

/** What is wrong with `bytes`, which libvips refused with `error`: a DataError that names the image and how to mend it. */
export function explainDecodeFailure(bytes: Uint8Array, origin: string, error: unknown): DataError {
  const reason = error instanceof Error ? error.message : String(error);
  const failure = (message: string, hint: string) => new DataError(`${origin}: ${message}`, { hint, cause: error });
  if (isTooLarge(error)) {
    return failure(
      `the image is larger than ${largestImagePixels / 1e6} megapixels, the most that is decoded`,
      "Make it smaller with an image editor, or remove it.",
    );
  }
  if (/^timeout/.test(reason)) return failure("the image takes more than a minute to decode", remedy);
  const format = imageFileFormat(bytes);
  if (!format) {
    return failure("is not an image, or damaged from its first bytes on", `Readable are ${readableFormats}. ${remedy}`);
  }
  if (!read.has(format)) {
    return failure(`${format} files are not supported`, `Convert it to PNG or JPEG; readable are ${readableFormats}.`);
  }
  return failure(`the ${format} image is damaged${detail(reason)}`, remedy);
}

const remedy = "Replace the file by a sound copy, or remove it.";

/** The first line of libvips' own text that says something, in brackets. */
function detail(reason: string): string {
  const lines = reason.split("\n").map((line) => line.replace(/^(Input buffer has|VipsJpeg:|vipspng:)\s*/i, "").trim());
  const telling = lines.find((line) => line && !/treated as error due to failOn/.test(line));
  return telling ? ` (${telling.replace(/:$/, "")})` : "";
}
