import { findInstalledRuntime } from "../../runtime/installed-runtime";
import { openOwnOps } from "../../runtime/own-ops";
import type { ProgramLibrary } from "../../runtime/program-library";
import type { HostData, HostTensor } from "../../shared/host-tensor";
import { dataTypes } from "../graph/graph-builder";

/** A computation that runs without TensorFlow: see compile-program.ts, which makes them. */
export interface Program {
  readonly inputs: readonly ProgramInput[];
  /** Names of what `run` gives. */
  readonly results: readonly string[];
  /**
   * Takes a tensor `[batch, ...shape]` for each input, all with the same number of examples, and returns the results by name. Nothing
   * given is kept. Throws RangeError for tensors of another shape or type, Error where an operation refuses, such as an
   * embedding whose input is no row of it.
   */
  run(inputs: Readonly<Record<string, HostTensor>>): Record<string, HostTensor>;
}

export interface ProgramInput {
  readonly name: string;
  readonly dtype: "uint8" | "float32" | "int32";
  /** Of an example. */
  readonly shape: readonly number[];
}

/** Why bytes are not a program that this dlctl can run: of another version, damaged, or no program. */
export class ProgramError extends Error {}

/**
 * What runs programs, on the cpu device: dlctl's own operations at the level of this processor. Undefined where set-up has not
 * compiled them, and with DLCTL_NATIVE_OPS=off. libtensorflow is not loaded; threads are as runtime/threads.ts has set them before.
 */
export function programLibrary(): ProgramLibrary | undefined {
  const runtime = findInstalledRuntime("cpu");
  return runtime && openOwnOps(runtime);
}

/** The program of these bytes, which must not be changed any more. Throws ProgramError. */
export function openProgram(library: ProgramLibrary, bytes: Uint8Array): Program {
  const { handle, inputs, results } = open(library, bytes);
  const described = inputs.map(({ name, dtype, shape }) => ({ name, dtype: dtypeOf(dtype), shape }));
  return {
    inputs: described,
    results,
    run: (given) => {
      const tensors = described.map((input) => requireFit(input, given[input.name]));
      const batch = tensors[0]?.shape[0] ?? 0;
      if (tensors.some(({ shape }) => shape[0] !== batch)) throw new RangeError("Inputs differ in their examples");
      const values = library.runProgram(
        handle,
        tensors.map(({ data }) => data),
        batch,
      );
      return Object.fromEntries(values.map(([data, shape], at) => [results[at] as string, { data, shape }]));
    },
  };
}

function open(library: ProgramLibrary, bytes: Uint8Array) {
  try {
    return library.openProgram(bytes.byteOffset % 8 === 0 ? bytes : bytes.slice());
  } catch (error) {
    throw new ProgramError(`It can't be run: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function dtypeOf(number: number): ProgramInput["dtype"] {
  const known = (["uint8", "float32", "int32"] as const).find((name) => dataTypes[name] === number);
  if (!known) throw new ProgramError("It can't be run: an input is of an unknown type");
  return known;
}

const arrays: Readonly<Record<ProgramInput["dtype"], new () => HostData>> = {
  uint8: Uint8Array,
  float32: Float32Array,
  int32: Int32Array,
};

function requireFit({ name, dtype, shape }: ProgramInput, tensor: HostTensor | undefined): HostTensor {
  const isFit =
    tensor instanceof Object &&
    tensor.data instanceof arrays[dtype] &&
    tensor.shape.length === shape.length + 1 &&
    shape.every((size, axis) => size === tensor.shape[axis + 1]);
  if (!isFit) throw new RangeError(`The input ${name} must be ${dtype} of [batch, ${shape}]`);
  return tensor;
}
