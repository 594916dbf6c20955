import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentReporter } from "../../../../src/runtime/provision/provision-reporter";
import { unpackWheel } from "../../../../src/runtime/provision/unpack-wheel";
import { makeZip } from "../../../helpers/make-zip";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-wheel-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const data = Buffer.from("x");

function wheel(names: string[]): string {
  const path = join(folder, "tensorflow_cpu-2.21.0.whl");
  writeFileSync(path, makeZip(Object.fromEntries(names.map((name) => [name, { data }]))));
  return path;
}

test("takes the two libraries and the C headers, and nothing else", async () => {
  const path = wheel([
    "tensorflow/libtensorflow_cc.so.2",
    "tensorflow/libtensorflow_framework.so.2",
    "tensorflow/python/_pywrap_tensorflow_internal.so",
    "tensorflow/include/tensorflow/c/c_api.h",
    "tensorflow/include/tsl/platform/ctstring.h",
    "tensorflow/include/Eigen/Core.h",
    "tensorflow/include/tensorflow/core/graph/graph.h",
  ]);
  const target = join(folder, "out");
  await unpackWheel(path, target, silentReporter);
  expect(readdirSync(join(target, "lib")).sort()).toEqual(["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]);
  expect(existsSync(join(target, "include", "tensorflow", "c", "c_api.h"))).toBe(true);
  expect(existsSync(join(target, "include", "tsl", "platform", "ctstring.h"))).toBe(true);
  expect(readdirSync(join(target, "include")).sort()).toEqual(["tensorflow", "tsl"]);
  expect(readdirSync(join(target, "include", "tensorflow"))).toEqual(["c"]);
});

test("takes macOS's libraries too", async () => {
  const target = join(folder, "out");
  await unpackWheel(
    wheel(["tensorflow/libtensorflow_cc.2.dylib", "tensorflow/libtensorflow_framework.2.dylib"]),
    target,
    silentReporter,
  );
  expect(readdirSync(join(target, "lib")).sort()).toEqual([
    "libtensorflow_cc.2.dylib",
    "libtensorflow_framework.2.dylib",
  ]);
});

test("refuses a wheel without the libraries and writes nothing", async () => {
  const target = join(folder, "out");
  await expect(unpackWheel(wheel(["tensorflow/libtensorflow_framework.so.2"]), target, silentReporter)).rejects.toThrow(
    "holds no libtensorflow_cc",
  );
  expect(existsSync(target)).toBe(false);
});

test("does not write outside its folder", async () => {
  const path = wheel([
    "tensorflow/libtensorflow_cc.so.2",
    "tensorflow/libtensorflow_framework.so.2",
    "tensorflow/include/tensorflow/c/../../../../evil.h",
  ]);
  await unpackWheel(path, join(folder, "a", "b"), silentReporter);
  expect(readdirSync(folder).sort()).toEqual(["a", "tensorflow_cpu-2.21.0.whl"]);
  expect(readdirSync(join(folder, "a", "b"))).toEqual(["lib"]);
});
