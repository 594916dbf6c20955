import { findInstalledRuntime } from "../../src/runtime/installed-runtime";
import { chooseOwnOps } from "../../src/runtime/own-ops";
import { type Runtime, startRuntime } from "../../src/runtime/start-runtime";

/** Whether `dlctl setup` has provided libtensorflow on this machine; where it has not, native tests count as skipped. */
export const hasNativeRuntime = findInstalledRuntime("cpu") !== undefined;

/** Starts the pure JavaScript device: what unit tests use unless libtensorflow is what they test. */
export function startJsRuntime(): Promise<Runtime> {
  return startRuntime("js");
}

/** `describe` on libtensorflow: the cpu device is started before its tests. Skipped, and counted so, where it is not there. */
export function describeNative(name: string, define: () => void): void {
  const run = hasNativeRuntime ? describe : describe.skip;
  run(`${name} (libtensorflow)`, () => {
    beforeAll(() => startRuntime("cpu"));
    define();
  });
}

/** `describe` on libtensorflow with dlctl's own operations; skipped, and counted so, where they were not compiled. */
export function describeOwnOps(name: string, define: () => void): void {
  const runtime = findInstalledRuntime("cpu");
  const run = runtime && "path" in chooseOwnOps(runtime) ? describe : describe.skip;
  run(`${name} (dlctl's own operations)`, () => {
    beforeAll(() => startRuntime("cpu"));
    define();
  });
}

/** `describe` on both devices, with the device's name; the native half is skipped where libtensorflow is not there. */
export function describeEachDevice(name: string, define: (device: "js" | "cpu") => void): void {
  describe(`${name} (js)`, () => {
    beforeAll(() => startRuntime("js"));
    define("js");
  });
  describeNative(name, () => define("cpu"));
}
