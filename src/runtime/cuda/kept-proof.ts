import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CudaFacts } from "./driver-facts";

const fileName = "gpu-proof.json";

/** What a proof is good for: this driver, these libraries, and this GPU. */
function keyOf({ driver, libraries }: CudaFacts, index: number): string {
  const paths = libraries.map(({ path, version }) => [path, version]);
  return JSON.stringify([driver.path, driver.moduleVersion, driver.cudaVersion, driver.gpus[index]?.uuid, paths]);
}

/** Whether the runtime in `folder` has computed on this GPU before, with the same driver and libraries. */
export async function isProven(folder: string, facts: CudaFacts, index: number): Promise<boolean> {
  try {
    const proven = JSON.parse(await readFile(join(folder, fileName), "utf8")) as unknown[];
    return proven.includes(keyOf(facts, index));
  } catch {
    return false;
  }
}

/** Remembers that it has: starting CUDA in a child process at every command would take seconds. A cache that can't be written costs just that. */
export async function keepProof(folder: string, facts: CudaFacts, index: number): Promise<void> {
  await writeFile(join(folder, fileName), JSON.stringify([keyOf(facts, index)])).catch(() => undefined);
}
