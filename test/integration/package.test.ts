import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../helpers/run-dlctl";

// The whole proof, with an installation, takes minutes and the network: npm run check:package.
const manifest = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8"));

test("the package holds what runs, and not what it is made from", () => {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: projectFolder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ files, size }] = JSON.parse(output);
  const paths: string[] = files.map(({ path }: { path: string }) => path);
  for (const path of ["bin/dlctl", "dist/vendor/tfjs.js", "dist/vendor/tfjs-node.js", "dist/vendor/addon.json"]) {
    expect(paths).toContain(path);
  }
  expect(paths).toContain("dist/vendor/binding/tfjs_binding.cc");
  expect(paths).toContain("dist/vendor/native/held_stderr.cc");
  expect(paths).toContain("dist/runtime/probe-native.js");
  expect(paths).toContain("dist/model/recurrent/prove-cudnn.js");
  expect(paths.filter((path) => /^(src|test|data|models|scripts)\//.test(path))).toEqual([]);
  expect(size).toBeLessThan(3_000_000);
});

test("no dependency of the package is a TensorFlow.js one, whose install script downloads", () => {
  expect(Object.keys(manifest.dependencies).filter((name) => name.includes("tensorflow"))).toEqual([]);
  expect(manifest.scripts).not.toHaveProperty("install");
  expect(manifest.scripts).not.toHaveProperty("postinstall");
});
