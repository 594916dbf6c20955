// All that the command line loads but TensorFlow.js and sharp, in two files: they start faster than some hundred.
import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { build } from "esbuild";
import { lateModules } from "./late-modules.mjs";

const entry = "src/cli/main.ts";

/** Imported when they are needed, and yet in the first bundle: what a prediction needs that runs without TensorFlow. */
const early = ["src/commands/predict.ts"];

/**
 * `cli/bundle.js` is what starts, with what a prediction needs; `cli/rest.js` the rest, loaded when something of it is
 * imported. No module is in both. Modules are evaluated only when something imports them. Built from what is in `out` already, by
 * esbuild's `options`.
 */
export async function buildBundles(out, options) {
  const late = new Set();
  const first = await bundle(out, options, {
    source: `export { main } from "./${entry}";`,
    write: false,
    plugin: splitOff((path) => late.add(path)),
  });
  const modules = modulesIn(first);
  await bundle(out, options, {
    source: `export { main } from "./${entry}"; ${exposing(modules)}`,
    outfile: `${out}/cli/bundle.js`,
    plugin: splitOff(() => undefined),
  });
  await bundle(out, options, {
    source: exposing([...late].sort()),
    outfile: `${out}/cli/rest.js`,
    plugin: takeFrom("bundle.js", (path) => modules.includes(path)),
  });
}

async function bundle(out, options, { source, plugin, ...output }) {
  const { metafile } = await build({
    ...options,
    ...output,
    stdin: { contents: source, resolveDir: "." },
    bundle: true,
    metafile: true,
    legalComments: "linked",
    // Read in each run. Lines, for stacks that tell a place.
    minifyWhitespace: true,
    lineLimit: 120,
    external: ["node-api-headers"],
    plugins: [plugin, lateModules(out), withoutLocales],
    mainFields: ["module", "main"],
    supported: { "dynamic-import": false },
    // ES modules that look for their own place (fdir, behind globs) are CommonJS here.
    define: { "import.meta.url": "bundleUrl" },
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    ...(output.outfile ? {} : { outfile: "unwritten.js" }),
  });
  if (output.outfile) escapeAll(output.outfile);
  return metafile;
}

/** zod's messages in all languages; English stands in a module of its own, and ours say what they have to. */
const withoutLocales = {
  name: "without-locales",
  setup({ onLoad }) {
    onLoad({ filter: /zod.v4.locales.index\.js$/ }, () => ({ contents: "export {};" }));
  },
};

/** Paths of all modules that something is in the bundle of. */
function modulesIn({ outputs }) {
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && /^(src|node_modules)\//.test(path))
    .map(([path]) => path);
}

/** `modules` of a bundle: each module of `paths` by its path, evaluated when it is asked for. */
function exposing(paths) {
  const entries = paths.map((path) => `${JSON.stringify(path)}: () => require(${JSON.stringify(resolve(path))})`);
  return `export const modules = { ${entries.join(", ")} };`;
}

/** Takes from the second bundle what is imported by `import()`. */
function splitOff(note) {
  return elsewhere("rest.js", ({ kind }, path) => {
    if (kind !== "dynamic-import" || early.includes(path) || !path.startsWith("src/")) return false;
    note(path);
    return true;
  });
}

function takeFrom(file, isThere) {
  return elsewhere(file, (_, path) => isThere(path));
}

/** Makes modules for which `isThere` is true those of another bundle. */
function elsewhere(file, isThere) {
  return {
    name: "elsewhere",
    setup({ onResolve, onLoad, resolve: resolvePath }) {
      onResolve({ filter: /^[^#]/, namespace: "file" }, async ({ path, pluginData, ...options }) => {
        if (pluginData?.isAsked || options.kind === "entry-point") return undefined;
        const found = await resolvePath(path, { ...options, pluginData: { isAsked: true } });
        if (found.errors.length > 0 || found.external || found.namespace !== "file") return undefined;
        const module = relative(".", found.path);
        // What the entry lists is what is here.
        if (options.importer === "" || options.importer === "<stdin>" || !isThere(options, module)) return undefined;
        return { path: module, namespace: "elsewhere" };
      });
      onLoad({ filter: /.*/, namespace: "elsewhere" }, ({ path }) => ({
        contents: [
          'const { join } = require("node:path");',
          'const { requireCached } = require("#code-cache");',
          `module.exports = requireCached(join(__dirname, "${file}")).modules[${JSON.stringify(path)}]();`,
        ].join("\n"),
      }));
    },
  };
}

/**
 * A file of ASCII alone is read several times faster. esbuild escapes all else but what stands in regular expressions and
 * tagged templates, where an escape means the same.
 */
function escapeAll(path) {
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  writeFileSync(path, readFileSync(path, "utf8").replace(/[^\0-\x7f]/g, escaped));
}
