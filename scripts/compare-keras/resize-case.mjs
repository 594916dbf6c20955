import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { dlctlModule, root } from "./dlctl-modules.mjs";

/** What our preprocessing makes of real photographs, for PIL to do the same: information, no test. */
export async function addResizeCase(file) {
  const folder = join(root, "data", "samples");
  if (!existsSync(folder)) return;
  const names = readdirSync(folder).filter((name) => /\.(png|jpe?g)$/i.test(name));
  const pictures = [];
  for (const name of names.slice(0, 3)) {
    const path = join(folder, name);
    pictures.push({ name, path, pixels: file.tensor(await shrink(path)) });
  }
  file.add({ kind: "resize", name: "samples", pictures });
}
