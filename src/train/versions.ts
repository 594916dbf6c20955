import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config-schema";
import { imageLibraryVersions } from "../data/image-library-versions";
import { usedPrecision } from "../engine/used-precision";
import { ownOpsLevel } from "../runtime/own-ops";
import { packageFolder } from "../runtime/package-folders";
import type { Runtime } from "../runtime/start-runtime";
import { tf } from "../runtime/tf";

/** Versions of all that decides what a model comes out as; null for what is not used. */
export async function trainingVersions(
  runtime: Runtime,
  { precision, engine }: Pick<Config["train"], "precision" | "engine">,
): Promise<Record<string, string | null>> {
  const { device, version } = runtime;
  const own = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  return {
    dlctl: own.version,
    node: process.versions.node,
    tfjs: tf.version.tfjs,
    libtensorflow: device === "js" ? null : version,
    // Which of dlctl's own operations computed: they round otherwise than TensorFlow's.
    ownOps: device === "cpu" ? (ownOpsLevel() ?? null) : null,
    precision: usedPrecision(precision, runtime, engine),
    ...(await imageLibraryVersions()),
  };
}
