import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDlctl } from "../helpers/run-dlctl";
import { hasNativeRuntime } from "../helpers/runtime";
import { makeTinyImages } from "../helpers/tiny-images";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-determinism-"));
  await makeTinyImages(join(folder, "pictures"));
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = {
  name: "same",
  seed: 5,
  data: {
    source: "image-folder",
    path: "pictures",
    split: { validation: 0.25 },
    // Decoded anew in each epoch, so that the order in which images come is tried often.
    cache: "none",
    preprocess: [
      { op: "resize", width: 12, height: 12 },
      { op: "normalize", scale: 255 },
    ],
    augment: [{ op: "flip", direction: "horizontal" }, { op: "rotate", degrees: 20 }, { op: "mixup" }],
  },
  model: {
    layers: [
      { type: "conv2d", filters: 8, kernelSize: 3, activation: "relu" },
      { type: "batchNormalization" },
      { type: "flatten" },
      { type: "dropout", rate: 0.3 },
      { type: "dense", units: "classes", activation: "softmax" },
    ],
  },
  train: { epochs: 2, batchSize: 4 },
};

function train(out: string, env: Record<string, string | undefined>, ...options: string[]): Buffer {
  const args = ["train", "config.json", "--out", out, "--quiet", ...options];
  const { code, stderr } = runDlctl(args, { cwd: folder, env });
  if (code !== 0) throw new Error(stderr);
  return readFileSync(join(folder, out, "weights.bin"));
}

const engines = hasNativeRuntime ? ["graph", "eager"] : ["eager"];

test.each(engines)("%s: the same bytes whatever the number of threads that load", (engine) => {
  const first = train(`${engine}-1`, { UV_THREADPOOL_SIZE: "1" }, "--engine", engine);
  for (const threads of ["3", "32"]) {
    const other = train(`${engine}-${threads}`, { UV_THREADPOOL_SIZE: threads }, "--engine", engine);
    expect([threads, other.equals(first)]).toEqual([threads, true]);
  }
  expect(runDlctl(["compare", `${engine}-1`, `${engine}-32`], { cwd: folder }).code).toBe(0);
});

// libtensorflow splits sums among its threads, so that their last bits depend on how many there are.
(hasNativeRuntime ? test : test.skip)("a resumed run computes with as many threads as it began with", () => {
  const whole = train("threads", { TF_NUM_INTRAOP_THREADS: "3" });
  train("threads-1", { TF_NUM_INTRAOP_THREADS: "3" }, "train.epochs=1");
  const extended = ["train", "--extend", "threads-1", "--epochs", "2", "--quiet"];
  expect(runDlctl(extended, { cwd: folder, env: { TF_NUM_INTRAOP_THREADS: "1" } }).code).toBe(0);
  expect(readFileSync(join(folder, "threads-1", "weights.bin")).equals(whole)).toBe(true);
});
