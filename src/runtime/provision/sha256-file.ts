import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** The SHA-256 sum of a file as lower-case hexadecimal. */
export async function sha256File(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
