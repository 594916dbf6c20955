// Builds dist/: our sources transformed file by file (CommonJS), TensorFlow.js bundled into dist/vendor.
// Type checking is `npm run typecheck`; esbuild does not check types.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { globSync } from "tinyglobby";
import { buildBundles } from "./build/bundles.mjs";
import { buildSharp } from "./build/sharp.mjs";
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
  await buildSharp(`${out}/vendor/sharp.js`, vendor);
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

// Taken first: what changes during the build is built next time.
const state = sourceState();
try {
  mkdirSync(out, { recursive: true });
  await Promise.all([buildVendor(), buildSources()]);
  await buildBundles(out, common);
  writeFileSync(join(out, stampName), state);
  if (existsSync("dist")) renameSync("dist", old);
  renameSync(out, "dist");
} finally {
  for (const folder of [out, old]) rmSync(folder, { recursive: true, force: true });
}
