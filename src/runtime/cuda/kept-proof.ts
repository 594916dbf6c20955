import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CudaFacts } from "./driver-facts";
import type { CudnnProof } from "./prove-cudnn";

const fileName = "gpu-proof.json";
const cudnnFileName = "cudnn-proof.json";

/** To be raised when cuDNN's kernels are called in another way, or proven in another. */
const cudnnEdition = 1;

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

/** What came out when cuDNN's recurrent kernels were tried on this GPU, with the same driver and libraries; undefined where they were not. */
export async function keptCudnnProof(folder: string, facts: CudaFacts, index: number): Promise<CudnnProof | undefined> {
  try {
    const kept = JSON.parse(await readFile(join(folder, cudnnFileName), "utf8"));
    return kept.edition === cudnnEdition && kept.key === keyOf(facts, index) ? (kept.proof as CudnnProof) : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers it, a failure too: trying takes seconds. */
export async function keepCudnnProof(folder: string, facts: CudaFacts, index: number, proof: CudnnProof) {
  const kept = { edition: cudnnEdition, key: keyOf(facts, index), proof };
  await writeFile(join(folder, cudnnFileName), JSON.stringify(kept)).catch(() => undefined);
}
