import { existsSync } from "node:fs";
import { join } from "node:path";
import type { InstalledRuntime } from "./installed-runtime";
import { type InstructionLevel, tileLevel, usableLevels } from "./instruction-levels";
import { markRuntimeUsed } from "./mark-runtime-used";
import type { ProgramLibrary } from "./program-library";

/** The environment variable that turns dlctl's own operations `off`, or names the level of instructions to take. */
const variable = "DLCTL_NATIVE_OPS";

export type OwnOpsChoice =
  | { readonly level: string; readonly path: string }
  /** Why there are none, for people. */
  | { readonly problem: string };

/** The file in an addon folder that holds dlctl's own operations (native/ops) for one level of instructions. */
export function ownOpsFile({ name, library = name }: InstructionLevel): string {
  return `ops-${library}.node`;
}

/** What such a library exports (native/ops/register.cc). It is loaded without libtensorflow, if need be. */
export interface OwnOpsLibrary extends ProgramLibrary {
  /** Whether its products run in tile registers: the compiler, the processor and the system must know them. */
  readonly tiles: boolean;
  /** Makes the operations known to the libtensorflow of an addon that is loaded. Throws where it refuses. */
  registerWithTensorflow(addonPath: string): void;
}

/** Which of the compiled libraries a process is to load. They are an accelerator: everything works without them. */
export function chooseOwnOps(runtime: InstalledRuntime, wish = process.env[variable]): OwnOpsChoice {
  if (wish === "off") return { problem: `${variable}=off` };
  if (runtime.device === "gpu") return { problem: "they compute on the CPU only" };
  const wanted = usableLevels().filter(({ name }) => !wish || name === wish);
  if (wanted.length === 0) return { problem: `this processor lacks the instructions of ${wish || "AVX2"}` };
  const libraries = wanted.map((level) => ({ level: level.name, path: join(runtime.folder, ownOpsFile(level)) }));
  const problem = runtime.ownOpsProblem ?? "set-up has not compiled them";
  return libraries.find(({ path }) => existsSync(path)) ?? { problem };
}

let loadedLevel: string | undefined;
let areTilesUsed = false;

/** Registers the operations with the libtensorflow that runs in this process; does nothing where that can't be. */
export function loadOwnOps(runtime: InstalledRuntime): void {
  const choice = chooseOwnOps(runtime);
  if ("problem" in choice) return;
  try {
    const library = require(choice.path) as OwnOpsLibrary;
    library.registerWithTensorflow(runtime.addonPath);
    areTilesUsed = library.tiles;
    const lacksTiles = choice.level === tileLevel.name && !areTilesUsed;
    loadedLevel = lacksTiles ? (tileLevel.library ?? choice.level) : choice.level;
  } catch {
    // TensorFlow's operations do the same, slower; `dlctl doctor` says why these can't be loaded.
  }
}

/** The library that a process is to take, loaded; undefined where there is none. libtensorflow is not. */
export function openOwnOps(runtime: InstalledRuntime): OwnOpsLibrary | undefined {
  const choice = chooseOwnOps(runtime);
  if ("problem" in choice) return undefined;
  try {
    const library = require(choice.path) as OwnOpsLibrary;
    markRuntimeUsed(runtime);
    return library;
  } catch {
    return undefined;
  }
}

/** Whether the operations of native/ops can be run. DLCTL_NATIVE_OPS=off also turns them off in a running process. */
export function hasOwnOps(): boolean {
  return ownOpsLevel() !== undefined;
}

/** Whether the operations in use multiply in tile registers, by AMX: large products are several times as fast then. */
export function hasTiles(): boolean {
  return hasOwnOps() && areTilesUsed;
}

/** The level of instructions that the operations in use are compiled for; undefined where none are in use. */
export function ownOpsLevel(): string | undefined {
  return process.env[variable] === "off" ? undefined : loadedLevel;
}
