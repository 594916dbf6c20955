/** A program that a library has opened; only for its `runProgram`. Freed with the last reference to it. */
export type ProgramHandle = object;

export interface OpenedProgram {
  readonly handle: ProgramHandle;
  /** `dtype` is TensorFlow's number; `shape` is an example's, without the batch. */
  readonly inputs: readonly { readonly name: string; readonly dtype: number; readonly shape: readonly number[] }[];
  /** Names of what `runProgram` gives, in its order. */
  readonly results: readonly string[];
}

type Numbers = Float32Array | Int32Array | Uint8Array;

/** Programs, as native/program/program_api.cc runs them. Whatever is wrong is an Error with a sentence. */
export interface ProgramLibrary {
  /** Checks the bytes and keeps them: they must not be changed any more. They begin at a multiple of 8 bytes. */
  openProgram(bytes: Uint8Array): OpenedProgram;
  /** Runs it with an array for each input, of `batch` examples, and returns values and shape of each result, copied. */
  runProgram(
    handle: ProgramHandle,
    inputs: readonly Numbers[],
    batch: number,
  ): (readonly [data: Numbers, shape: readonly number[]])[];
  /** What belongs into the bytes' header, which may say anything before. */
  programChecksum(bytes: Uint8Array): bigint;
}
