// The parts of dlctl that are compared, from dist/, which must be built; and test helpers, which are TypeScript.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const require = createRequire(import.meta.url);

/** A module of dist/ by its path in src/. */
export const dlctlModule = (path) => require(join(root, "dist", path));

/** A file of test/helpers, transformed into `folder`; it may import types, but nothing that runs. */
export function testHelper(name, folder) {
  const outfile = join(folder, `${name}.cjs`);
  buildSync({ entryPoints: [join(root, "test", "helpers", `${name}.ts`)], outfile, format: "cjs", logLevel: "error" });
  return require(outfile);
}

export const { tf } = dlctlModule("runtime/tf");

/** Runs `compute` on each device that this machine has, inside tf.tidy; returns the results by device's name. */
export async function onEachDevice(devices, compute) {
  const results = {};
  for (const device of devices) {
    await dlctlModule("runtime/start-runtime").startRuntime(device);
    results[device] = tf.tidy(() => compute(device));
  }
  return results;
}

/** A tfjs tensor of `{ data, shape }`. */
export const toTensor = ({ data, shape }) =>
  tf.tensor(data.slice(), shape, data instanceof Float32Array ? "float32" : "int32");
