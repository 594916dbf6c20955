import { constants } from "node:buffer";
import { readFile } from "node:fs/promises";
import { DataError } from "../../shared/errors";
import { explainReadError } from "../explain-read-error";
import { findInvalidUtf8 } from "./find-invalid-utf8";

/**
 * A whole text file in UTF-8: a byte-order mark is left out, CRLF and CR become LF, NUL bytes stay. Throws DataError
 * naming the position of the first byte that is not UTF-8.
 */
export async function readTextFile(path: string, signal?: AbortSignal): Promise<string> {
  const bytes = await readFile(path, { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw explainReadError(error, path, "file");
  });
  const invalid = findInvalidUtf8(bytes);
  if (invalid !== undefined) {
    const isUtf16 = invalid === 0 && (bytes[0] === 0xff || bytes[0] === 0xfe);
    throw new DataError(`${path} is not UTF-8: byte ${invalid} (counted from 0) does not belong there`, {
      hint: isUtf16 ? "It seems to be UTF-16: save it as UTF-8." : "Save it as UTF-8, or take the damaged part out.",
    });
  }
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    throw new DataError(`${path} is too large: ${bytes.length} bytes of text`, { hint: "Take a part of it." });
  }
  return bytes
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n");
}
