import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { build } from "esbuild";

/** sharp's JavaScript as one file, by esbuild's `options`; its native parts stay where sharp looks for them. */
export async function buildSharp(outfile, options) {
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
  const entry = createRequire(import.meta.url).resolve("sharp");
  await build({ ...options, entryPoints: [entry], outfile, plugins: [nativeParts], external: ["sharp"] });
}
