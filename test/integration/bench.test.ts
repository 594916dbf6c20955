import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDlctl } from "../helpers/run-dlctl";
import { makeTinyImages } from "../helpers/tiny-images";
import { ringsConfig, writeRings } from "../helpers/tiny-training";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-bench-"));
  writeRings(join(folder, "rings.csv"));
  writeFileSync(join(folder, "rings.json"), JSON.stringify(ringsConfig));
  mkdirSync(join(folder, "pictures"));
  await makeTinyImages(join(folder, "pictures"));
  writeFileSync(join(folder, "pictures.json"), JSON.stringify(pictures));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pictures = {
  name: "pictures",
  data: { source: "image-folder", path: "pictures", preprocess: [{ op: "resize", width: 8, height: 8 }] },
  model: { layers: [{ type: "flatten" }, { type: "dense", units: "classes", activation: "softmax" }] },
  train: { batchSize: 4 },
};

const bench = (...args: string[]) => runDlctl(["bench", ...args, "--seconds", "1"], { cwd: folder });

describe("dlctl bench", () => {
  test("without an argument: the quickstart's model, on no data of the user's", () => {
    const { code, stdout, stderr } = bench("--device", "js", "--json");
    expect(stderr).toContain("device js");
    expect(code).toBe(0);
    const { path, device, parameters, training, prediction, notes } = JSON.parse(stdout);
    expect({ path, device, parameters }).toEqual({ path: null, device: "js", parameters: 58_746 });
    expect(training.engine).toBe("eager");
    expect(prediction.batches.map(({ batchSize }: { batchSize: number }) => batchSize)).toEqual([1, 32, 256]);
    expect(notes[0]).toContain("made-up images");
  });

  test("a config: data, training and prediction, and what holds them up; nothing is written", () => {
    const before = readdirSync(folder);
    const { code, stdout } = bench("pictures.json", "train.batchSize=8", "--json");
    expect(code).toBe(0);
    const { data, training, prediction, bottlenecks, peakMemoryBytes, ...rest } = JSON.parse(stdout);
    expect(rest).toMatchObject({ name: "pictures", parameters: 579, inputShape: [8, 8, 3], inputKind: "image" });
    // Every picture is read once, and then out of memory, which is faster than decoding.
    expect(data.cold.examples).toBe(36);
    expect(data.cached.examplesPerSecond).toBeGreaterThan(data.cold.examplesPerSecond);
    expect(training.batchSize).toBe(8);
    // Figures of one thing fit each other: calls in a span, their times within it.
    expect(training.step.calls * training.step.mean).toBeLessThanOrEqual(1000 * training.seconds);
    expect(training.step.p50).toBeLessThanOrEqual(training.step.p90);
    expect(training.step.p90).toBeLessThanOrEqual(training.step.p99);
    for (const { batchSize, latency, examplesPerSecond, seconds } of prediction.batches) {
      expect(examplesPerSecond).toBeCloseTo((batchSize * latency.calls) / seconds, 6);
    }
    expect(["step", "data"]).toContain(bottlenecks.training);
    expect(peakMemoryBytes).toBeGreaterThan(50e6);
    expect(readdirSync(folder)).toEqual(before);
  });

  test("a model folder: prediction alone, told in tables", () => {
    expect(runDlctl(["train", "rings.json", "train.epochs=1", "--quiet"], { cwd: folder }).code).toBe(0);
    const { code, stdout } = bench(join("models", "rings"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^model {3}rings: \d+ parameters, input \[batch, 2\] vector$/m);
    expect(stdout).toMatch(/^batch of 256 /m);
    expect(stdout).not.toContain("training");
  });

  test("what is wrong is told with the usual exit codes", () => {
    expect(bench("nowhere.json").code).toBe(3);
    expect(bench("models", "train.epochs=1").code).toBe(2);
    expect(bench("models")).toMatchObject({ code: 5, stderr: expect.stringContaining("no dlctl.json") });
    expect(bench("pictures.json", "data.path=gone").code).toBe(4);
  });
});
