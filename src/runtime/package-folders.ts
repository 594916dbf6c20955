import { join } from "node:path";

// This file is src/runtime/*.ts under jest and dist/runtime/*.js otherwise: two levels below the package both times.
export const packageFolder = join(__dirname, "..", "..");

/** What `scripts/build.mjs` makes of TensorFlow.js: the bundles, the addon's C++ sources and `addon.json`. */
export const vendorFolder = join(packageFolder, "dist", "vendor");
