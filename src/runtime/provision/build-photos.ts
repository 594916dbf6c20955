import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { vendorFolder } from "../package-folders";
import type { OwnOpsBuild } from "./build-own-ops";
import { runProgram } from "./run-program";

/**
 * Compiles the addon that reads small photographs (native/photos) into `target`. It is an accelerator: where it can't be
 * compiled, there is none, and sharp reads them all.
 */
export async function buildPhotos(build: Omit<OwnOpsBuild, "linked">, signal?: AbortSignal): Promise<void> {
  const folder = join(vendorFolder, "native", "photos");
  const sources = (await readdir(folder)).filter((name) => name.endsWith(".cc")).map((name) => join(folder, name));
  const [program = "", ...leading] = build.compiler;
  // Weights must be those of libvips to the last bit, which is compiled for every processor, without fused products.
  const flags = [...build.flags, "-O2", "-ffp-contract=off", "-fvisibility=hidden"];
  await runProgram(program, [...leading, ...flags, ...sources, "-ldl", "-o", join(build.target, "photos.node")], {
    signal,
  });
}
