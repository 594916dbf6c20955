// Modules that stand in the bundles for what is loaded from a file of its own, and only when something of it is used.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const requireHere = createRequire(import.meta.url);

/**
 * TensorFlow.js is loaded when something of it is first used, and not when a module that may use it is imported: much of dlctl's work,
 * a prediction among it, needs none. sharp's JavaScript is loaded as one file, with compiled code, where the sharp that is
 * installed is the one that was there when dlctl was built. `out` is the folder of what was built.
 */
export const lateModules = (out) => ({
  name: "late-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^#code-cache$/ }, () => ({ path: "./code-cache.js", external: true }));
    onResolve({ filter: /^#tfjs|^sharp$/, namespace: "file" }, ({ path }) => ({
      path: path.replace("#", ""),
      namespace: "late",
    }));
    onResolve({ filter: /^sharp$/, namespace: "late" }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: "late" }, ({ path }) => ({
      contents: [
        'const { join } = require("node:path");',
        'const { requireCached } = require("#code-cache");',
        'const load = (name) => requireCached(join(__dirname, "..", "vendor", name));',
        ...contents[path](out),
      ].join("\n"),
    }));
  },
});

const contents = {
  // Getters of a class: TensorFlow.js has 500 names, and to define each would take milliseconds.
  tfjs: (out) => [
    "let loaded;",
    'const tfjs = () => (loaded ??= load("tfjs.js"));',
    `class Late { ${namesOf(resolve(out, "vendor", "tfjs.js"))
      .map((name) => `get ${name}() { return tfjs().${name}; }`)
      .join(" ")} }`,
    "module.exports = new Late();",
  ],
  // It requires tfjs itself, and would without compiled code.
  "tfjs-node": () => ['load("tfjs.js"); module.exports = load("tfjs-node.js");'],
  "tfjs-node-gpu": () => ['load("tfjs.js"); module.exports = load("tfjs-node-gpu.js");'],
  sharp: () => [
    'const { readFileSync } = require("node:fs");',
    'const path = require.resolve("sharp");',
    'const installed = join(path, "..", "..", "package.json");',
    `const isSame = JSON.parse(readFileSync(installed, "utf8")).version === "${versionOf("sharp")}";`,
    // One that is loaded already is taken.
    'module.exports = isSame && !require.cache[path] ? load("sharp.js") : require("sharp");',
  ],
};

function namesOf(path) {
  return Object.keys(requireHere(path)).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
}

function versionOf(name) {
  return JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
}
