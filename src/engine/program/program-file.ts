import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { ProgramLibrary } from "../../runtime/program-library";
import { openProgram, type Program } from "./program";

/**
 * The program that writeProgram has put into this file. Throws ProgramError for one that is damaged, not whole, of another version, or no
 * program, and Node.js's error where it can't be read. What is in the file is checked before it is run: none makes the process crash.
 */
export function readProgram(library: ProgramLibrary, path: string): Program {
  return openProgram(library, readFileSync(path));
}

/** Writes a compiled program's bytes; whoever reads the path meanwhile sees the file before or the new one, never a part. Throws Node.js's errors. */
export function writeProgram(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, bytes);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
