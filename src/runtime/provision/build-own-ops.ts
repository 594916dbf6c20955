import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { instructionLevels } from "../instruction-levels";
import { ownOpsFile } from "../own-ops";
import { vendorFolder } from "../package-folders";
import { complaint, runProgram } from "./run-program";

/** As in an engine for games: results may differ in the last bit from plain C++, but what is no number stays so. */
const mathFlags = ["-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros", "-ffp-contract=fast"];

export interface OwnOpsBuild {
  readonly compiler: readonly string[];
  /** What the addon is compiled with, too: include folders, how a shared library is made. */
  readonly flags: readonly string[];
  readonly target: string;
}

/**
 * Compiles dlctl's own operations for each level of instructions into `target`. They are an accelerator: where they can't be
 * compiled, the reason is returned and nothing is thrown.
 */
export async function buildOwnOps(build: OwnOpsBuild, signal?: AbortSignal): Promise<string | undefined> {
  const sources = (await Promise.all(["ops", "program"].map(sourcesIn))).flat();
  const [program = "", ...leading] = build.compiler;
  const libraries = instructionLevels.filter(({ library }) => library === undefined);
  const problems = await Promise.all(
    libraries.map(async (level) => {
      const { name, compilerFlags } = level;
      const flags = [...build.flags, "-O3", ...mathFlags, "-fvisibility=hidden", "-pthread", ...compilerFlags];
      const output = join(build.target, ownOpsFile(level));
      const args = [...leading, ...flags, ...sources, "-ldl", "-o", output];
      const result = await runProgram(program, args, { signal });
      return result.code === 0 ? undefined : `${program} can't compile them for ${name}: ${complaint(result)}`;
    }),
  );
  return problems.find((problem) => problem !== undefined);
}

async function sourcesIn(name: string): Promise<string[]> {
  const folder = join(vendorFolder, "native", name);
  return (await readdir(folder)).filter((file) => file.endsWith(".cc")).map((file) => join(folder, file));
}
