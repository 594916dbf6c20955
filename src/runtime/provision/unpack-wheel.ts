import { join } from "node:path";
import { isNeededHeader, libraryName, linkedLibraries } from "./libtensorflow-files";
import type { ProvisionReporter } from "./provision-reporter";
import { extractZipEntry, readZipEntries, type ZipEntry } from "./zip-reader";

/** Takes libtensorflow out of a TensorFlow wheel: the libraries to `target`/lib, the C headers to `target`/include. */
export async function unpackWheel(
  wheelPath: string,
  target: string,
  reporter: ProvisionReporter,
  signal?: AbortSignal,
): Promise<void> {
  const wanted = (await readZipEntries(wheelPath)).flatMap((entry) => {
    const path = placeOf(entry);
    return path ? [{ entry, path: join(target, path) }] : [];
  });
  if (!linkedLibraries(wanted.map(({ path }) => path.split("/").at(-1) ?? ""))) {
    throw new Error(`${wheelPath} holds no libtensorflow_cc and libtensorflow_framework (wheels before 2.10 don't)`);
  }
  const total = wanted.reduce((sum, { entry }) => sum + entry.bytes, 0);
  const bar = reporter.progress("Unpacking libtensorflow", total);
  let done = 0;
  const onBytes = (count: number) => {
    done += count;
    bar.update(done);
  };
  try {
    for (const { entry, path } of wanted) await extractZipEntry(wheelPath, entry, path, { onBytes, signal });
  } finally {
    bar.finish();
  }
}

function placeOf({ name }: ZipEntry): string | undefined {
  const [, library] = /^tensorflow\/([^/]+)$/.exec(name) ?? [];
  if (library) {
    const known = libraryName(library);
    return known && join("lib", known);
  }
  const [, header] = /^tensorflow\/include\/(.+\.h)$/.exec(name) ?? [];
  // "..": a crafted archive must not write outside its folder.
  return header && isNeededHeader(header) && !header.split("/").includes("..") ? join("include", header) : undefined;
}
