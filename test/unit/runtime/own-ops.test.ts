import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findInstalledRuntime, type InstalledRuntime } from "../../../src/runtime/installed-runtime";
import { instructionLevels, usableLevels } from "../../../src/runtime/instruction-levels";
import { chooseOwnOps, hasOwnOps, loadOwnOps, ownOpsFile } from "../../../src/runtime/own-ops";
import { describeOwnOps } from "../../helpers/runtime";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-own-ops-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const runtimeIn = (place: string, more: Partial<InstalledRuntime> = {}): InstalledRuntime => ({
  device: "cpu",
  folder: place,
  addonPath: join(place, "tfjs_binding.node"),
  heldStderrPath: "",
  blockedSignalsPath: "",
  photosPath: "",
  libtensorflow: "2.21.0",
  source: "a test",
  ownOpsProblem: undefined,
  cudaAddonPath: "",
  cuda: undefined,
  ...more,
});

describe("which of the own operations are taken", () => {
  test.each([
    [runtimeIn("/nowhere"), "off", "DLCTL_NATIVE_OPS=off"],
    [runtimeIn("/nowhere", { device: "gpu" }), undefined, "they compute on the CPU only"],
    [runtimeIn("/nowhere"), "z80", "this processor lacks the instructions of z80"],
  ])("none for %j when asked for %s", (runtime, wish, problem) => {
    expect(chooseOwnOps(runtime, wish)).toEqual({ problem });
  });

  test("the best that is there, or the one asked for; else what set-up had to say", () => {
    const [best, ...others] = usableLevels();
    if (!best) return;
    const runtime = runtimeIn(folder, { ownOpsProblem: "the compiler is too old" });
    expect(chooseOwnOps(runtime)).toEqual({ problem: "the compiler is too old" });
    for (const level of usableLevels()) writeFileSync(join(folder, ownOpsFile(level)), "");
    expect(chooseOwnOps(runtime)).toMatchObject({ level: best.name });
    for (const { name } of others) expect(chooseOwnOps(runtime, name)).toMatchObject({ level: name });
  });

  test("a library that can't be loaded is passed over", () => {
    for (const level of instructionLevels) writeFileSync(join(folder, ownOpsFile(level)), "not a library");
    loadOwnOps(runtimeIn(folder));
    expect(hasOwnOps()).toBe(false);
  });
});

describeOwnOps("own operations", () => {
  /** Runs the operations in a process of their own, as the number of threads is read once, and returns all bytes of their outputs. */
  function outputsWith(threads: number): string {
    const runtime = findInstalledRuntime("cpu") as InstalledRuntime;
    const choice = chooseOwnOps(runtime);
    if ("problem" in choice) throw new Error(choice.problem);
    const program = `
      const binding = require(${JSON.stringify(runtime.addonPath)});
      const { threads, registerWithTensorflow } = require(${JSON.stringify(choice.path)});
      registerWithTensorflow(${JSON.stringify(runtime.addonPath)});
      const numbers = (...shape) => {
        const count = shape.reduce((a, b) => a * b, 1);
        return binding.createTensor(shape, binding.TF_FLOAT, Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7 + count)));
      };
      const mask = binding.createTensor([0, 0], binding.TF_INT32, new Int32Array(0));
      const attributes = [{ name: "sequences", type: binding.TF_ATTR_BOOL, value: true }];
      const run = (op, attributes, inputs, count) => binding.executeOp(op, attributes, inputs, count).map(({ id }) => id);
      const [batch, time, features, units] = [13, 6, 21, 37];
      const x = numbers(batch, time, features), dy = numbers(batch, time, units);
      const recurrent = numbers(units, 4 * units), recurrent3 = numbers(units, 3 * units);
      const lstm = run("DlctlLstm", attributes, [x, numbers(features, 4 * units), recurrent, numbers(4 * units), mask], 4);
      const gru = run("DlctlGru", attributes, [x, numbers(features, 3 * units), recurrent3, numbers(2, 3 * units), mask], 3);
      const sums = run("DlctlLstmGradient", attributes, [dy, recurrent, lstm[2], lstm[3], mask], 1);
      const others = run("DlctlGruGradient", attributes, [dy, recurrent3, gru[1], gru[2], mask], 2);
      const dense = run("DlctlDenseGradient", [], [numbers(batch * time, 300), sums[0]], 2);
      const noBias = binding.createTensor([0], binding.TF_FLOAT, new Float32Array(0));
      const transposed = [{ name: "transposed", type: binding.TF_ATTR_BOOL, value: false }];
      dense.push(...run("DlctlDense", transposed, [numbers(301, 70), numbers(70, 45), noBias], 1));
      dense.push(...run("DlctlDenseGradient", [], [numbers(1500, 70), numbers(1500, 45)], 2));
      const attribute = ([name, value]) => ({ name, type: typeof value === "number" ? binding.TF_ATTR_INT : binding.TF_ATTR_BOOL, value });
      const convolution = (more) => Object.entries({ stride_y: 1, stride_x: 1, same: true, relu: true, pooled: false, ...more }).map(attribute);
      const [image, filter, outer] = [numbers(5, 13, 11, 32), numbers(3, 3, 32, 48), numbers(5, 13, 11, 48)];
      const [result, codes] = run("DlctlConvolution", convolution({ codes: false }), [image, filter, numbers(48)], 2);
      dense.push(result);
      dense.push(...run("DlctlConvolutionFilterGradient", convolution({ rows: 3, columns: 3 }), [image, outer, result, codes], 2));
      dense.push(...run("DlctlConvolutionInputGradient", convolution({ height: 13, width: 11 }), [filter, outer, result, codes, noBias], 1));
      const none = (...shape) => binding.createTensor(shape, binding.TF_FLOAT, new Float32Array(0));
      const heads = [numbers(4, 70, 3, 3, 24), none(0, 0), none(0, 0, 0, 0), none(0, 0, 0)];
      const causal = [attribute(["causal", true])];
      const attended = run("DlctlPackedAttention", causal, heads, 2);
      dense.push(...attended, ...run("DlctlPackedAttentionGradient", causal, [...heads, ...attended, numbers(4, 70, 3, 24)], 1));
      const of = (rows) => [numbers(rows, 101), numbers(70001)];
      const [values, means, gradients] = [of(700), of(700), of(300)];
      const squares = of(700).map((id) => run("Square", [{ name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }], [id], 1)[0]);
      const before = binding.tensorDataSync(values[0]);
      const ids = binding.createTensor([300], binding.TF_INT32, Int32Array.from({ length: 300 }, (_, i) => (i * i) % 70));
      const scalar = binding.createTensor([], binding.TF_FLOAT, Float32Array.of(0.5));
      const counts = Object.entries({ count: 2, sparse: 1 }).map(([name, value]) => ({ name, type: binding.TF_ATTR_INT, value }));
      const shares = ["mean_share", "square_share", "epsilon"].map((name) => ({ name, type: binding.TF_ATTR_FLOAT, value: 0.9 }));
      run("DlctlAdam", [...counts, ...shares], [scalar, scalar, ...values, ...means, ...squares, ...gradients, ids], 0);
      if (Buffer.from(before.buffer).equals(Buffer.from(binding.tensorDataSync(values[0]).buffer))) throw new Error("not in place");
      const hash = require("node:crypto").createHash("sha256");
      for (const id of [lstm[0], lstm[1], gru[0], gru[1], ...sums, ...others, ...dense, ...values, ...means, ...squares]) {
        hash.update(new Uint8Array(binding.tensorDataSync(id).buffer));
      }
      process.stdout.write(threads + " " + hash.digest("hex"));
    `;
    const env = { ...process.env, TF_NUM_INTRAOP_THREADS: String(threads), TF_CPP_MIN_LOG_LEVEL: "2" };
    const output = execFileSync(process.execPath, ["-e", program], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [used, sum] = output.split(" ") as [string, string];
    expect(Number(used)).toBe(threads);
    return sum;
  }

  test("recurrent ones, products, convolutions, attention and Adam give the same bytes with any number of threads", () => {
    const one = outputsWith(1);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    for (const threads of [2, 5]) expect(outputsWith(threads)).toBe(one);
  });
});
