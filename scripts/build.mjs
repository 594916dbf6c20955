// Builds dist/: our sources transformed file by file (CommonJS), TensorFlow.js bundled into dist/vendor.
// Type checking is `npm run typecheck`; esbuild does not check types.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { globSync } from "tinyglobby";

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
    outfile: "dist/vendor/tfjs.js",
    plugins: [leaveOut(/^@tensorflow\/tfjs-(backend-webgl|data)$/)],
  });
  for (const name of ["tfjs-node", "tfjs-node-gpu"]) {
    await build({
      ...vendor,
      entryPoints: [`src/runtime/vendor/${name}.ts`],
      outfile: `dist/vendor/${name}.js`,
      plugins: [share(/^@tensorflow\/tfjs(-core)?$/, "./tfjs.js")],
    });
  }
  copyAddonSources();
}

/** The addon's C++ sources, the same in both packages: `dlctl setup` compiles them on the user's machine. */
function copyAddonSources() {
  cpSync("node_modules/@tensorflow/tfjs-node/binding", "dist/vendor/binding", { recursive: true });
  cpSync("src/runtime/native", "dist/vendor/native", { recursive: true });
  const hash = createHash("sha256");
  for (const folder of ["dist/vendor/binding", "dist/vendor/native"]) {
    for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(`${folder}/${name}`));
  }
  const { version } = JSON.parse(readFileSync("node_modules/@tensorflow/tfjs-node/package.json", "utf8"));
  const record = { tfjsNode: version, hash: hash.digest("hex").slice(0, 10) };
  writeFileSync("dist/vendor/addon.json", `${JSON.stringify(record)}\n`);
}

async function buildSources() {
  await build({
    ...common,
    entryPoints: globSync(["src/**/*.ts"], { ignore: ["src/runtime/vendor/**"] }),
    outbase: "src",
    outdir: "dist",
    sourcemap: "linked",
    sourcesContent: false,
    // `await import("x")` becomes a deferred require: same laziness, no ES-module loader at start-up.
    supported: { "dynamic-import": false },
  });
}

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist", { recursive: true });
await Promise.all([buildVendor(), buildSources()]);
