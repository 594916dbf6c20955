import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DlctlResult, runDlctl } from "../helpers/run-dlctl";
import { hasNativeRuntime } from "../helpers/runtime";
import { ringsConfig, writeRings } from "../helpers/tiny-training";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-precision-cli-"));
  writeRings(join(folder, "rings.csv"));
  writeFileSync(join(folder, "config.json"), JSON.stringify(ringsConfig));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dlctl = (...args: string[]): DlctlResult => runDlctl(args, { cwd: folder });

describe("train.precision", () => {
  const testNative = hasNativeRuntime ? test : test.skip;

  testNative("is told at the start, in each epoch, and by the model's folder", () => {
    const { code, stdout, stderr } = dlctl(
      "train",
      "config.json",
      "train.precision=float16",
      "--device",
      "cpu",
      "--json",
    );
    expect(code).toBe(0);
    expect(stderr).toContain("float16 is for trying out on a CPU");
    expect(stderr).toContain("steps, products in float16");
    expect(stderr).toMatch(/loss scale \d+/);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ event: "start", engine: "graph", precision: "float16" });
    expect(events[1].lossScale).toEqual({ scale: expect.any(Number), skippedSteps: expect.any(Number) });
    const description = JSON.parse(readFileSync(join(folder, "models", "rings", "dlctl.json"), "utf8"));
    expect(description.training.precision).toBe("float16");
    expect(dlctl("inspect", "models/rings").stdout).toContain("on cpu in float16");
  });

  test("that can't be had is refused, and nothing is written", () => {
    const onJs = dlctl("train", "config.json", "train.precision=bfloat16", "--device", "js", "--out", "none");
    expect([onJs.code, onJs.stderr]).toEqual([7, expect.stringContaining("the js device can't compute in bfloat16")]);
    const eager = dlctl("validate", "config.json", "train.precision=float16", "train.engine=eager");
    expect(eager.code).toBe(3);
    expect(eager.stderr).toContain('train.precision: float16 needs compiled steps, and train.engine is "eager"');
    expect(eager.stderr).not.toMatch(/^\s+at /m);
  });
});
