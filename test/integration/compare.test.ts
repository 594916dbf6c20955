import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDlctl } from "../helpers/run-dlctl";
import { ringsConfig, writeRings } from "../helpers/tiny-training";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-compare-"));
  writeRings(join(folder, "rings.csv"));
  writeFileSync(join(folder, "config.json"), JSON.stringify(ringsConfig));
  train("a");
  train("b");
  train("other", "train.epochs=2", "train.optimizer.learningRate=0.02");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dlctl = (...args: string[]) => runDlctl(args, { cwd: folder });
function train(out: string, ...overrides: string[]): void {
  const { code, stderr } = dlctl("train", "config.json", "--out", out, "--device", "js", "--quiet", ...overrides);
  if (code !== 0) throw new Error(stderr);
}

describe("dlctl compare", () => {
  test("two runs of the same config are equal bit for bit: exit 0", () => {
    const { code, stdout, stderr } = dlctl("compare", "a", "b");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^equal: .* all 8 weights bit for bit$/m);
    const json = dlctl("compare", "a", "b", "--json");
    expect(JSON.parse(json.stdout)).toEqual({
      a: "a",
      b: "b",
      equal: true,
      ...{ config: [], data: [], preprocessing: [], topology: [], weights: [], metrics: [], history: null },
      weightCounts: { equal: 8, all: 8 },
      environment: [],
    });
  });

  test("names each part that differs: exit 8", () => {
    const { code, stdout, stderr } = dlctl("compare", "a", "other");
    expect(code).toBe(8);
    expect(stderr).toBe("different: a and other differ in config, weights, metrics, history\n");
    expect(stdout).toMatch(/train\.epochs +3 +2\n/);
    expect(stdout).toMatch(/train\.optimizer\.learningRate +0\.01 +0\.02\n/);
    expect(stdout).toMatch(/dense_1\/kernel +\d+ of 16 numbers +at most \S+ +of \S+\n/);
    expect(stdout).toMatch(/3 epochs in a, 2 in b\n +the first epoch that differs is 1\n/);
    const { equal, weights } = JSON.parse(dlctl("compare", "a", "other", "--json").stdout);
    expect(equal).toBe(false);
    expect(weights[0]).toMatchObject({ name: "dense_1/kernel", kind: "values", size: 16 });
  });

  test("an unfinished run by its newest checkpoint; what can't be read is exit 5", () => {
    cpSync(join(folder, "a"), join(folder, "run"), { recursive: true });
    rmSync(join(folder, "run", "dlctl.json"));
    const { code, stdout } = dlctl("compare", "a", "run");
    expect(stdout).toMatch(/run +\(an unfinished run, after 3 epochs\)/);
    expect(code).toBe(0);
    expect(dlctl("compare", "a", "absent")).toMatchObject({ code: 5, stderr: expect.stringMatching(/absent/) });
    writeFileSync(join(folder, "b", "weights.bin"), Buffer.alloc(74 * 4));
    expect(dlctl("compare", "a", "b")).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/weights\.bin.*SHA-256/),
    });
  });
});
