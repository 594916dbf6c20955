import { addAbortSignal } from "node:stream";

/** All of standard input as text. Rejects when `signal` is aborted. */
export async function readStandardInput(signal: AbortSignal): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of addAbortSignal(signal, process.stdin)) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
