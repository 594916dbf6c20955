import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDlctl } from "../helpers/run-dlctl";
import { ringsConfig, writeRings } from "../helpers/tiny-training";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-plan-"));
  writeRings(join(folder, "rings.csv"));
  writeFileSync(join(folder, "rings.json"), JSON.stringify(ringsConfig));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan = (...args: string[]) => runDlctl(["plan", ...args], { cwd: folder });
const configs = join(__dirname, "..", "..", "configs", "plan");

describe("dlctl plan", () => {
  test("a config with its data, on a device of the table", () => {
    const { code, stdout, stderr } = plan("rings.json", "--device", "t4");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^dense_1 +\[batch, 8\] +24 /m);
    expect(stdout).toMatch(/^parameters +74, 16 of them not trained$/m);
    expect(stdout).toMatch(/^on NVIDIA T4 \(16 GB\), NVIDIA, T4 data sheet$/m);
    expect(stdout).toMatch(/for 54 training and 6 validation examples$/m);
    expect(stdout).toMatch(/^tpu-v5e +16 GiB /m);
  });

  test("a model larger than any machine, without its data, as JSON", () => {
    const { code, stdout } = plan(join(configs, "gpt3-175b.json"), "--device", "h100", "--batch-size", "2", "--json");
    expect(code).toBe(0);
    const json = JSON.parse(stdout);
    expect(json).toMatchObject({ name: "gpt3-175b", tiedParameters: 174_604_259_328, batchSize: 2, examples: null });
    expect(json.device).toMatchObject({ fits: false, epochSeconds: null });
    expect(json.layers).toHaveLength(json.device.layers.length);
    expect(json.devices.map(({ id }: { id: string }) => id)).toContain("a100-80gb");
    expect(json.assumptions[0]).toContain("50,257 tokens");
  });

  test("this machine, measured once and then remembered", () => {
    const cache = { XDG_CACHE_HOME: join(folder, "cache") };
    // Without a libtensorflow in this cache nothing is measured, and that is said.
    const { code, stdout, stderr } = runDlctl(["plan", "rings.json"], { cwd: folder, env: cache });
    expect(code).toBe(0);
    expect(stderr).toContain("dlctl setup");
    expect(stdout).toMatch(/^parameters +74/m);
    expect(stdout).not.toContain("this machine");
  });
});

describe("dlctl plan refuses", () => {
  test.each<[string, string[], number, string]>([
    ["a device that it does not know", ["rings.json", "--device", "a100-80"], 2, "a100-80gb"],
    ["a batch of none", ["rings.json", "--batch-size", "0"], 2, "whole number above 0"],
    ["a config that is not there", ["nowhere.json"], 3, "nowhere.json"],
    ["layers that don't fit", ["rings.json", "model.layers[0].type=conv2d"], 3, "model.layers[0]"],
    [
      "shapes that only data tells which is not there",
      ["rings.json", "data.path=nowhere.csv", 'data.columns.features=["x..y"]'],
      4,
      "nowhere.csv",
    ],
  ])("%s", (_, args, code, message) => {
    const result = plan(...args, "--quiet");
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(result).toMatchObject({ code, stdout: "" });
  });
});
