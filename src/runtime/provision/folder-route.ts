import { constants } from "node:fs";
import { copyFile, cp, mkdir, readdir, realpath, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { EnvironmentError } from "../../shared/errors";
import { isNeededHeader, libraryName, linkedLibraries } from "./libtensorflow-files";
import type { ProvisionReporter } from "./provision-reporter";
import { sha256File } from "./sha256-file";
import { unpackWheel } from "./unpack-wheel";
import { gpuWheelPins, wheelPins } from "./wheel-pins";

/**
 * Gets libtensorflow from a folder the user names, by copying, so that the folder may go away afterwards. It may be an
 * unpacked libtensorflow (include/, lib/), a Python `tensorflow` package or the site-packages around it, or a folder
 * with a TensorFlow wheel; a wheel itself will do. Returns the source for people. Throws EnvironmentError when it is none of these.
 */
export async function obtainFromFolder(
  folder: string,
  target: string,
  reporter: ProvisionReporter,
  signal?: AbortSignal,
): Promise<string> {
  const info = await stat(folder).catch(() => undefined);
  if (!info) throw new EnvironmentError(`There is no folder ${folder}`, { hint: "Name an existing one after --from." });
  if (info.isFile() && folder.endsWith(".whl")) return fromWheel(folder, target, reporter, signal);
  if (info.isDirectory()) {
    for (const place of [folder, join(folder, "lib"), join(folder, "tensorflow")]) {
      const libraries = await librariesIn(place);
      if (libraries) return fromLibraries(folder, libraries, place, target, reporter);
    }
    const wheel = (await readdir(folder)).find((name) => /^tensorflow(_cpu)?-2\..*\.whl$/.test(name));
    if (wheel) return fromWheel(join(folder, wheel), target, reporter, signal);
  }
  throw new EnvironmentError(`${folder} holds no libtensorflow`, {
    hint: "Expected: include/ and lib/ of an unpacked libtensorflow, a Python tensorflow package, or a tensorflow_cpu wheel.",
  });
}

async function fromWheel(
  wheel: string,
  target: string,
  reporter: ProvisionReporter,
  signal?: AbortSignal,
): Promise<string> {
  const sum = await sha256File(wheel, signal);
  const isKnown = [...Object.values(wheelPins), ...Object.values(gpuWheelPins)].some(({ sha256 }) => sha256 === sum);
  reporter.note(
    isKnown
      ? `${basename(wheel)} has the sum dlctl knows.`
      : `${basename(wheel)} is not a wheel dlctl knows the sum of; using it because you named it.`,
  );
  await unpackWheel(wheel, target, reporter, signal).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code) throw error;
    throw new EnvironmentError(`Can't use the wheel: ${(error as Error).message}`, { cause: error });
  });
  return `wheel ${wheel}`;
}

/** Maps the name a library goes by to the file that holds it; undefined when one of the two is not there. */
async function librariesIn(folder: string): Promise<Map<string, string> | undefined> {
  const libraries = new Map<string, string>();
  // Longest first, so that the short name, which the linker looks for, decides last when several files give one name.
  const files = (await readdir(folder).catch(() => [])).sort((a, b) => b.length - a.length);
  for (const file of files) {
    const name = libraryName(file);
    if (name) libraries.set(name, join(folder, file));
  }
  return linkedLibraries([...libraries.keys()]) && libraries;
}

async function fromLibraries(
  folder: string,
  libraries: ReadonlyMap<string, string>,
  place: string,
  target: string,
  reporter: ProvisionReporter,
): Promise<string> {
  const include = await firstWith("tensorflow/c/c_api.h", [join(folder, "include"), join(place, "include")]);
  if (!include) {
    throw new EnvironmentError(`${folder} has libtensorflow but not its headers (include/tensorflow/c/c_api.h)`, {
      hint: "Name the folder that has both include/ and lib/.",
    });
  }
  reporter.note(`Copying libtensorflow from ${folder}`);
  await mkdir(join(target, "lib"), { recursive: true });
  for (const [name, file] of libraries) {
    // Cloned where the file system can: no time and no space.
    await copyFile(await realpath(file), join(target, "lib", name), constants.COPYFILE_FICLONE);
  }
  const filter = async (source: string) =>
    (await stat(source)).isDirectory() || isNeededHeader(relative(include, source).replaceAll("\\", "/"));
  await cp(include, join(target, "include"), { recursive: true, dereference: true, filter });
  return `folder ${folder}`;
}

async function firstWith(file: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    if (await stat(join(folder, file)).catch(() => undefined)) return folder;
  }
  return undefined;
}
