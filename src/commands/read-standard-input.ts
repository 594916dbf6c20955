import { addAbortSignal } from "node:stream";
import { pathFromBytes } from "../shared/path-bytes";

/** All of standard input as text; names in it need not be UTF-8 (see `pathFromBytes`). Rejects when `signal` is aborted. */
export async function readStandardInput(signal: AbortSignal): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of addAbortSignal(signal, process.stdin)) pieces.push(piece as Buffer);
  return pathFromBytes(Buffer.concat(pieces));
}
