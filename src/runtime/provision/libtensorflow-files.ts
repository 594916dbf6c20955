/**
 * The shared libraries of libtensorflow by the names they have inside: what a linked program looks for. Wheels call the
 * main one `libtensorflow_cc`, TensorFlow's C packages `libtensorflow`.
 */
const libraryPattern = /^(libtensorflow(?:_cc|_framework)?)(?:\.so(\.\d+)?(?:\.\d+)*|(\.\d+)?(?:\.\d+)*\.dylib)$/;

/** `libtensorflow_cc.so.2` of `libtensorflow_cc.so.2.21.0`; undefined for a file that is none of the libraries. */
export function libraryName(fileName: string): string | undefined {
  const match = libraryPattern.exec(fileName);
  if (!match) return undefined;
  const [, base, soMajor, dylibMajor] = match;
  return fileName.includes(".so") ? `${base}.so${soMajor ?? ".2"}` : `${base}${dylibMajor ?? ".2"}.dylib`;
}

/** The two libraries the addon is linked to, of the names there are; undefined when one is missing. */
export function linkedLibraries(names: readonly string[]): readonly [string, string] | undefined {
  const main =
    names.find((name) => /^libtensorflow_cc\./.test(name)) ?? names.find((name) => /^libtensorflow\./.test(name));
  const framework = names.find((name) => /^libtensorflow_framework\./.test(name));
  return main && framework ? [main, framework] : undefined;
}

/** Whether a header, by its path below `include/`, belongs to the C API. Wheels also hold 100 MB of C++ ones. */
export function isNeededHeader(path: string): boolean {
  return /^(tensorflow\/c\/|(tensorflow\/core|tensorflow\/tsl|tsl|xla\/tsl)\/platform\/ctstring|(xla\/tsl|tsl)\/c\/)/.test(
    path,
  );
}
