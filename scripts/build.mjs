// Builds dist/: our sources transformed file by file (CommonJS), TensorFlow.js bundled into dist/vendor.
// Type checking is `npm run typecheck`; esbuild does not check types.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { globSync } from "tinyglobby";
import { sourceState, stampName } from "./source-state.mjs";

// Built beside and swapped in at the end: a command or a test that runs meanwhile always finds a whole dist.
const out = `dist.new-${process.pid}`;
const old = `dist.old-${process.pid}`;

const common = { platform: "node", target: "node20", format: "cjs", logLevel: "warning" };
const vendor = { ...common, bundle: true, legalComments: "linked", minifySyntax: true, minifyWhitespace: true };

/** Makes imports that match `filter` load nothing: parts of the union package that no dlctl code reaches. */
const leaveOut = (filter) => ({
  name: "leave-out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: "" }));
  },
});

/** Makes imports that match `filter` a require of `path` beside the bundle, so that both share one instance. */
const share = (filter, path) => ({
  name: "share",
  setup({ onResolve }) {
    onResolve({ filter }, () => ({ path, external: true }));
  },
});

async function buildVendor() {
  await build({
    ...vendor,
    entryPoints: ["src/runtime/vendor/tfjs.ts"],
    outfile: `${out}/vendor/tfjs.js`,
    plugins: [leaveOut(/^@tensorflow\/tfjs-(backend-webgl|data)$/)],
  });
  for (const name of ["tfjs-node", "tfjs-node-gpu"]) {
    await build({
      ...vendor,
      entryPoints: [`src/runtime/vendor/${name}.ts`],
      outfile: `${out}/vendor/${name}.js`,
      plugins: [share(/^@tensorflow\/tfjs(-core)?$/, "./tfjs.js")],
    });
  }
  await buildLayersModule();
  await buildSharp();
  copyAddonSources();
}

/** dlctl's own layers as one plain file for model folders: for Node's require, for bundlers, and for a browser's script tag. */
async function buildLayersModule() {
  await build({
    logLevel: "warning",
    bundle: true,
    target: "es2020",
    format: "iife",
    globalName: "dlctlLayers",
    entryPoints: ["src/model/custom-layers/register-layers.ts"],
    outfile: `${out}/vendor/dlctl-layers.js`,
    banner: {
      js: [
        "// Layers of dlctl that TensorFlow.js has not. Before plain TensorFlow.js opens a model that has some of them:",
        '//   in a browser: <script src="dlctl-layers.js"></script>, then registerDlctlLayers(tf);',
        '//   in Node.js:   require("./dlctl-layers.js").registerDlctlLayers(tf);',
        "// and then tf.loadLayersModel(...). dlctl itself never runs this file. Licence: Apache-2.0.",
      ].join("\n"),
    },
    footer: {
      js: [
        'if (typeof module === "object" && module.exports) module.exports = dlctlLayers;',
        "else globalThis.registerDlctlLayers = dlctlLayers.registerDlctlLayers;",
      ].join("\n"),
    },
  });
}

/** The addon's C++ sources, the same in both packages: `dlctl setup` compiles them on the user's machine. */
function copyAddonSources() {
  cpSync("node_modules/@tensorflow/tfjs-node/binding", `${out}/vendor/binding`, { recursive: true });
  cpSync("src/runtime/native", `${out}/vendor/native`, { recursive: true });
  cpSync("src/runtime/gpu-native", `${out}/vendor/gpu-native`, { recursive: true });
  const hash = hashFiles([`${out}/vendor/binding`, `${out}/vendor/native`]);
  // dlctl's own operations compute on the CPU only.
  const gpuFolders = ["binding", "native", "gpu-native"].map((name) => `${out}/vendor/${name}`);
  const gpuHash = hashFiles(gpuFolders, ["ops/**", "program/**"]);
  const { version } = JSON.parse(readFileSync("node_modules/@tensorflow/tfjs-node/package.json", "utf8"));
  const record = { tfjsNode: version, hash, gpuHash };
  writeFileSync(`${out}/vendor/addon.json`, `${JSON.stringify(record)}\n`);
}

function hashFiles(folders, ignore = []) {
  const hash = createHash("sha256");
  for (const folder of folders) {
    for (const name of globSync("**", { cwd: folder, ignore }).sort())
      hash.update(name).update(readFileSync(`${folder}/${name}`));
  }
  return hash.digest("hex").slice(0, 10);
}

async function buildSources() {
  await build({
    ...common,
    entryPoints: globSync(["src/**/*.ts"], { ignore: ["src/runtime/vendor/**"] }),
    outbase: "src",
    outdir: out,
    sourcemap: "linked",
    sourcesContent: false,
    // `await import("x")` becomes a deferred require: same laziness, no ES-module loader at start-up.
    supported: { "dynamic-import": false },
  });
  // What `train --dashboard` serves, as it is.
  cpSync("src/dashboard/page", `${out}/dashboard/page`, { recursive: true });
}

/**
 * Everything that the command line loads but TensorFlow.js, in one file: it starts faster than from some hundred. Modules are
 * still evaluated only when something imports them. Built from what is in `out` already.
 */
async function buildBundle() {
  await build({
    ...common,
    entryPoints: ["src/cli/main.ts"],
    outfile: `${out}/cli/bundle.js`,
    bundle: true,
    legalComments: "linked",
    // Read in each run. Lines, for stacks that tell a place.
    minifyWhitespace: true,
    lineLimit: 120,
    external: ["node-api-headers"],
    plugins: [lateVendor],
    mainFields: ["module", "main"],
    supported: { "dynamic-import": false },
    // ES modules that look for their own place (fdir, behind globs) are CommonJS here.
    define: { "import.meta.url": "bundleUrl" },
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  escapeAll(`${out}/cli/bundle.js`);
}

/**
 * A file of ASCII alone is read several times faster. esbuild escapes all else but what stands in regular expressions and
 * tagged templates, where an escape means the same.
 */
function escapeAll(path) {
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  writeFileSync(path, readFileSync(path, "utf8").replace(/[^\0-\x7f]/g, escaped));
}

/**
 * TensorFlow.js is loaded from its own files when something of it is first used, and not when a module that may use it is
 * imported: much of dlctl's work, a prediction among it, needs none. sharp's JavaScript is loaded as one file, with compiled
 * code, where the sharp that is installed is the one that was there when dlctl was built.
 */
const lateVendor = {
  name: "late-vendor",
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
        ...lateModules[path](),
      ].join("\n"),
    }));
  },
};

const lateModules = {
  // Getters of a class: TensorFlow.js has 500 names, and to define each would take milliseconds.
  tfjs: () => [
    "let loaded;",
    'const tfjs = () => (loaded ??= load("tfjs.js"));',
    `class Late { ${namesOf("tfjs")
      .map((name) => `get ${name}() { return tfjs().${name}; }`)
      .join(" ")} }`,
    "module.exports = new Late();",
  ],
  // It requires tfjs itself, and would without compiled code.
  "tfjs-node": () => ['load("tfjs.js"); module.exports = load("tfjs-node.js");'],
  "tfjs-node-gpu": () => ['load("tfjs.js"); module.exports = load("tfjs-node-gpu.js");'],
  sharp: () => [
    'const { readFileSync } = require("node:fs");',
    'const installed = join(require.resolve("sharp"), "..", "..", "package.json");',
    `const isSame = JSON.parse(readFileSync(installed, "utf8")).version === "${versionOf("sharp")}";`,
    'module.exports = isSame ? load("sharp.js") : require("sharp");',
  ],
};

const requireHere = createRequire(import.meta.url);

function namesOf(vendor) {
  return Object.keys(requireHere(resolve(out, "vendor", `${vendor}.js`))).filter((name) =>
    /^[A-Za-z_$][\w$]*$/.test(name),
  );
}

function versionOf(name) {
  return JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
}

/** sharp's JavaScript; its native parts stay where sharp looks for them. */
async function buildSharp() {
  const nativeParts = {
    name: "native-parts",
    setup({ onLoad }) {
      onLoad({ filter: /sharp.dist.\w+\.cjs$/ }, ({ path }) => {
        const source = readFileSync(path, "utf8");
        const asSharp = 'require("node:module").createRequire(require.resolve("sharp"))';
        return { contents: source.replace(/\brequire\((?=`|["']@img\/sharp)/g, `${asSharp}(`) };
      });
    },
  };
  await build({
    ...vendor,
    entryPoints: [requireHere.resolve("sharp")],
    outfile: `${out}/vendor/sharp.js`,
    plugins: [nativeParts],
    external: ["sharp"],
  });
}

// Taken first: what changes during the build is built next time.
const state = sourceState();
try {
  mkdirSync(out, { recursive: true });
  await Promise.all([buildVendor(), buildSources()]);
  await buildBundle();
  writeFileSync(join(out, stampName), state);
  if (existsSync("dist")) renameSync("dist", old);
  renameSync(out, "dist");
} finally {
  for (const folder of [out, old]) rmSync(folder, { recursive: true, force: true });
}
