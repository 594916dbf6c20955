import { readFileSync } from "node:fs";
import { join } from "node:path";
import { imageLibraryVersions } from "../data/image-library-versions";
import { ownOpsLevel } from "../runtime/own-ops";
import { packageFolder } from "../runtime/package-folders";
import type { Runtime } from "../runtime/start-runtime";
import { tf } from "../runtime/tf";

/** Versions of all that decides what a model comes out as; null for what is not used. */
export async function trainingVersions({ device, version }: Runtime): Promise<Record<string, string | null>> {
  const own = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  return {
    dlctl: own.version,
    node: process.versions.node,
    tfjs: tf.version.tfjs,
    libtensorflow: device === "js" ? null : version,
    // Which of dlctl's own operations computed: they round otherwise than TensorFlow's.
    ownOps: device === "cpu" ? (ownOpsLevel() ?? null) : null,
    ...(await imageLibraryVersions()),
  };
}
