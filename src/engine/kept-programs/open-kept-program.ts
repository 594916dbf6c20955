import { existsSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { Preprocessing } from "../../data/preprocess/preprocessing";
import type { HostTensor } from "../../shared/host-tensor";
import { formatShape } from "../../shared/shape";
import { type Program, ProgramError, programLibrary } from "../program/program";
import { readProgram } from "../program/program-file";
import { programFolder } from "./program-folder";
import { type KeptModel, programName } from "./program-name";

/** A model's forward pass, its inputs as they leave the host, that runs on the CPU without TensorFlow. */
export interface KeptProgram {
  /** The outputs for a batch, `[batch, ...]`. Throws where an operation refuses its input. */
  predict(inputs: HostTensor): HostTensor<Float32Array>;
}

/**
 * The program that is kept of a model; undefined where there is none, where it can't be run here, or where it is damaged, which
 * removes it. Loads dlctl's own operations and not libtensorflow.
 */
export function openKeptProgram(
  model: KeptModel,
  { dtype, shape }: Pick<Preprocessing, "dtype" | "shape">,
): KeptProgram | undefined {
  const path = join(programFolder(), programName(model));
  const program = readKept(path);
  if (!program) return undefined;
  const [input] = program.inputs;
  if (input?.dtype !== dtype || formatShape(input.shape) !== formatShape(shape)) return undefined;
  return { predict: (inputs) => program.run({ inputs }).outputs as HostTensor<Float32Array> };
}

function readKept(path: string): Program | undefined {
  const library = existsSync(path) ? programLibrary() : undefined;
  if (!library) return undefined;
  try {
    const program = readProgram(library, path);
    markUsed(path);
    return program;
  } catch (error) {
    // Another process may have taken it away, or this one may not read it: then there is none.
    if (error instanceof ProgramError) discard(path);
    return undefined;
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Of another user.
  }
}

function markUsed(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Of another user, or on a disk that can't be written: it is read all the same.
  }
}
