import { DataError, EnvironmentError, UserError } from "../../shared/errors";
import type { ImageRequest, LoadCounts } from "./image-loader";

/** What a worker is asked. */
export type WorkerRequest =
  | { readonly type: "load"; readonly id: number; readonly requests: readonly ImageRequest[] }
  /** A load is not wanted any more. */
  | { readonly type: "abort"; readonly id: number }
  | { readonly type: "close" };

/** What it answers: to each load once. */
export type WorkerAnswer =
  | { readonly id: number; readonly pixels: Uint8Array<ArrayBuffer>; readonly counts: LoadCounts }
  | { readonly id: number; readonly failure: Failure };

/** An error as it goes from thread to thread. */
interface Failure {
  readonly kind: "data" | "environment" | "bug";
  readonly message: string;
  readonly hint?: string | undefined;
  readonly stack?: string | undefined;
}

export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: "bug", message: String(error) };
  const { message, stack } = error;
  if (!(error instanceof UserError)) return { kind: "bug", message, stack };
  return { kind: error instanceof DataError ? "data" : "environment", message, hint: error.hint };
}

export function fromFailure({ kind, message, hint, stack }: Failure): Error {
  const options = hint === undefined ? {} : { hint };
  if (kind === "data") return new DataError(message, options);
  if (kind === "environment") return new EnvironmentError(message, options);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
