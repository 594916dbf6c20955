import { mkdir, readdir, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { EnvironmentError } from "../../shared/errors";
import type { NativeDevice } from "../installed-runtime";
import { vendorFolder } from "../package-folders";
import { buildOwnOps } from "./build-own-ops";
import { buildPhotos } from "./build-photos";
import { linkedLibraries } from "./libtensorflow-files";
import { complaint, findProgram, runProgram } from "./run-program";

/**
 * Compiles the addon against the libtensorflow in `libtensorflowFolder` into `target`, where a link `lib` to the
 * libraries says where they are. Returns why dlctl's own operations could not be compiled, which does without them, or undefined.
 * Throws EnvironmentError without a compiler or when compilation fails.
 */
export async function buildAddon(
  libtensorflowFolder: string,
  target: string,
  device: NativeDevice,
  signal?: AbortSignal,
): Promise<{ readonly ownOpsProblem: string | undefined }> {
  const compiler = await findCompiler(signal);
  const libraries = linkedLibraries(await readdir(join(libtensorflowFolder, "lib")));
  if (!libraries) throw new Error(`${libtensorflowFolder}/lib lacks a library`);
  await mkdir(target, { recursive: true });
  await symlink(relative(target, join(libtensorflowFolder, "lib")), join(target, "lib"));

  const includes = [nodeApiHeaders(), join(libtensorflowFolder, "include"), join(vendorFolder, "binding")];
  const common = ["-std=c++17", "-shared", "-fPIC", "-DNAPI_VERSION=8", ...includes.map((path) => `-I${path}`)];
  const isMac = process.platform === "darwin";
  // Node's own functions are found in the process that loads the addon.
  if (isMac) common.push("-undefined", "dynamic_lookup");
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(vendorFolder, "binding", name));
  const isGpu = device === "gpu";
  // The context's options, which the addon leaves at their defaults: that file says how they come in.
  if (isGpu) sources.push(join(vendorFolder, "gpu-native", "context_options.cc"));
  const renamed = isGpu ? ["-DTFE_NewContextOptions=dlctl_new_context_options"] : [];
  const linked = libraries.map((name) => join(libtensorflowFolder, "lib", name));
  const rpath = `-Wl,-rpath,${isMac ? "@loader_path" : "$ORIGIN"}/lib`;
  const flags = [...common, "-O2"];
  const [ownOpsProblem] = await Promise.all([
    // They compute on the CPU only.
    isGpu ? undefined : buildOwnOps({ compiler, flags: common, target }, signal),
    compile(
      compiler,
      [...flags, ...renamed, ...sources, ...linked, rpath, "-o", join(target, "tfjs_binding.node")],
      signal,
    ),
    ...helpers(isGpu).map(({ name, folder }) => {
      const args = [...flags, join(vendorFolder, folder, `${name}.cc`), "-ldl", "-o", join(target, `${name}.node`)];
      return compile(compiler, args, signal);
    }),
    buildPhotos({ compiler, flags: common, target }, signal),
  ]);
  return { ownOpsProblem };
}

/** Small addons that stand beside the one that computes. */
function helpers(isGpu: boolean): { name: string; folder: string }[] {
  const common = ["held_stderr", "blocked_signals"].map((name) => ({ name, folder: "native" }));
  return isGpu ? [...common, { name: "cuda", folder: "gpu-native" }] : common;
}

/** The C++ compiler: what CXX says (it may hold arguments), else g++, clang++ or c++. */
export async function findCompiler(signal?: AbortSignal): Promise<readonly string[]> {
  const named = process.env.CXX?.trim();
  const compiler = await findProgram(named ? [named.split(/\s+/)] : [["g++"], ["clang++"], ["c++"]], { signal });
  if (compiler) return compiler;
  throw new EnvironmentError(
    named ? `The compiler that CXX names does not run: ${named}` : "There is no C++ compiler",
    {
      hint:
        process.platform === "darwin"
          ? "Install Apple's command line tools: xcode-select --install"
          : "Install g++ (on Debian and Ubuntu: `apt install g++`; on Fedora: `dnf install gcc-c++`), or name one in CXX.",
    },
  );
}

async function compile(compiler: readonly string[], args: readonly string[], signal?: AbortSignal): Promise<void> {
  const [program = "", ...leading] = compiler;
  const result = await runProgram(program, [...leading, ...args], { signal });
  if (result.code === 0) return;
  throw new EnvironmentError(`${program} can't compile the addon: ${complaint(result)}`, {
    hint: "g++ 8 or clang 7 and newer will do; CXX names another compiler.",
  });
}

function nodeApiHeaders(): string {
  return join(dirname(require.resolve("node-api-headers/package.json")), "include");
}
