import { open } from "node:fs/promises";
import { DataError } from "../../shared/errors";

const looked = 4096;

/** Throws DataError when the file holds NUL bytes at its beginning: UTF-16, a spreadsheet, a packed file. */
export async function requireText(path: string): Promise<void> {
  const file = await open(path);
  try {
    const start = Buffer.alloc(looked);
    const { bytesRead } = await file.read(start, 0, looked, 0);
    if (!start.subarray(0, bytesRead).includes(0)) return;
  } finally {
    await file.close();
  }
  throw new DataError(`${path} is not a text file in UTF-8`, { hint: "Save the table as CSV in UTF-8." });
}
