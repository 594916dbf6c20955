// Loads the lists of kinds and the schemas from the sources as they are now: a dist may be older.
import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

const exported = `
export { z } from "zod";
export { configSchema } from "./src/config/config-schema";
export { configJsonSchema } from "./src/config/json-schema";
export { layerDefinitions } from "./src/model/layers/layer-definitions";
export { layerSchema } from "./src/model/layer-config";
export { initializerSchema } from "./src/model/initializers";
export { regularizerSchema } from "./src/model/regularizers";
export { constraintSchema } from "./src/model/constraints";
export { activationSchema } from "./src/model/activations";
export { sourceDefinitions } from "./src/data/sources/source-definitions";
export { forecastWindowSchema, tokenWindowSchema } from "./src/data/sources/window-config";
export { splitSchema } from "./src/data/splits/split-examples";
export { columnsSchema } from "./src/data/csv/column-roles";
export { preprocessOpSchema } from "./src/data/preprocess/preprocess-config";
export { augmentationSchema } from "./src/data/augmentation-config";
export { imageOpDefinitions } from "./src/data/images/image-op-definitions";
export { augmentationDefinitions } from "./src/data/augment/augmentation-definitions";
export { lossDefinitions } from "./src/objectives/losses/loss-definitions";
export { lossSchema } from "./src/objectives/loss-config";
export { metricDefinitions } from "./src/objectives/metrics/metric-definitions";
export { metricSchema } from "./src/objectives/metric-config";
export { optimizerDefinitions } from "./src/optimization/optimizers/optimizer-definitions";
export { optimizerSchema } from "./src/optimization/optimizer-config";
export { scheduleDefinitions } from "./src/optimization/schedules/schedule-definitions";
export { scheduleSchema } from "./src/optimization/schedule-config";
export { gradientClippingSchema } from "./src/optimization/gradient-clipping";
`;

/** The modules above, bundled into a temporary file in `root` (so that packages are found) and loaded. */
export async function loadKinds(root) {
  const folder = join(root, "node_modules", ".cache", `dlctl-docs-${process.pid}`);
  const outfile = join(folder, "kinds.cjs");
  mkdirSync(folder, { recursive: true });
  try {
    await build({
      stdin: { contents: exported, resolveDir: root, loader: "ts" },
      bundle: true,
      packages: "external",
      alias: { "#tfjs": join(root, "src/runtime/vendor/tfjs.ts") },
      platform: "node",
      format: "cjs",
      outfile,
      logLevel: "warning",
    });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
