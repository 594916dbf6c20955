import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { syncFolder } from "./atomic-file";
import { writing } from "./explain-write-error";
import { hasFinishedModel, modelFiles } from "./model-files";
import { isLocked } from "./run-lock";

/**
 * Puts the finished model in `<folder>/next` in the place of the one in `folder`. Killed at any point, it is done again
 * from where it was. On the way the folder has no dlctl.json and no model.json: nobody takes the one model's weights for the
 * other's. Other files in the folder stay.
 */
export async function replaceModel(folder: string): Promise<void> {
  const { description, topology, weights, layers, run, next } = modelFiles;
  const staged = (name: string) => join(folder, next, name);
  const placed = (name: string) => join(folder, name);
  const place = async (name: string) => {
    if (existsSync(staged(name))) await rename(staged(name), placed(name));
  };
  await writing(folder, async () => {
    await rm(placed(description), { force: true });
    // One that is no longer staged is the new one, in its place already.
    if (existsSync(staged(topology))) {
      await rm(placed(topology), { force: true });
      await rm(placed(layers), { force: true });
    }
    await syncFolder(folder);
    await place(weights);
    if (existsSync(staged(run)) && existsSync(placed(run))) {
      await rm(staged("replaced-run"), { recursive: true, force: true });
      await rename(placed(run), staged("replaced-run"));
    }
    await place(run);
    await place(topology);
    // After the topology: until that is placed, what is there of layers is the old model's.
    await place(layers);
    await syncFolder(folder);
    await place(description);
    await syncFolder(folder);
    await rm(join(folder, next), { recursive: true, force: true });
  });
}

/** Completes a replacement that a killed process has begun, or waits for the living process that is doing it. */
export async function settleModelFolder(folder: string): Promise<void> {
  const next = join(folder, modelFiles.next);
  for (let attempt = 0; hasFinishedModel(next); attempt++) {
    const locks = [next, folder].map((home) => join(home, modelFiles.run, "lock"));
    const isBusy = (await Promise.all(locks.map(isLocked))).includes(true);
    if (!isBusy) {
      await replaceModel(folder);
      return;
    }
    if (attempt > 100) return;
    await sleep(20);
  }
}
