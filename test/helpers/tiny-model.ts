import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runDlctl } from "./run-dlctl";
import { makeTinyImages } from "./tiny-images";

/** Trains through the real binary, on the js device so that it needs nothing, and throws when that fails. */
export function trainTiny(folder: string, config: object, out = "model"): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const { code, stderr } = runDlctl(["train", "config.json", "--out", out, "--device", "js", "--quiet"], {
    cwd: folder,
  });
  if (code !== 0) throw new Error(`training ended with ${code}: ${stderr}`);
}

/** A model that tells blue, green and red pictures apart: `model` in `folder`, its pictures in `pictures`. */
export async function trainColourModel(folder: string): Promise<void> {
  await makeTinyImages(join(folder, "pictures"));
  trainTiny(folder, {
    name: "colours",
    seed: 1,
    data: {
      source: "image-folder",
      path: "pictures",
      split: { validation: 0.25, test: 0.25 },
      preprocess: [
        { op: "resize", width: 8, height: 8 },
        { op: "normalize", scale: 255 },
      ],
    },
    model: { layers: [{ type: "flatten" }, { type: "dense", units: "classes", activation: "softmax" }] },
    train: { epochs: 20, batchSize: 6, optimizer: { type: "adam", learningRate: 0.05 } },
  });
}
