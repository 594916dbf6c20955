import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRuntime } from "../../../src/runtime/start-runtime";
import { tf } from "../../../src/runtime/tf";
import { EnvironmentError } from "../../../src/shared/errors";
import { projectFolder } from "../../helpers/run-dlctl";
import { describeNative } from "../../helpers/runtime";

const originalCache = process.env.XDG_CACHE_HOME;
let emptyCache: string;
beforeAll(() => {
  emptyCache = mkdtempSync(join(tmpdir(), "dlctl-cache-"));
});
afterAll(() => rmSync(emptyCache, { recursive: true, force: true }));
afterEach(() => {
  if (originalCache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = originalCache;
});

describe("with nothing set up", () => {
  beforeEach(() => {
    process.env.XDG_CACHE_HOME = emptyCache;
  });

  test.each(["cpu", "gpu"] as const)("the %s device asked for by name is an error, not a fallback", async (device) => {
    const failure = await startRuntime(device).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EnvironmentError);
    expect((failure as EnvironmentError).exitCode).toBe(7);
    expect((failure as EnvironmentError).message).toContain(`The ${device} device is not available`);
    expect((failure as EnvironmentError).hint).toMatch(/dlctl (setup|doctor)/);
  });

  test("auto ends at js and says why and how to mend it", async () => {
    const { device, reason, version } = await startRuntime("auto");
    expect(device).toBe("js");
    expect(version).toBe("4.22.0");
    expect(reason).toContain("no cpu runtime is set up");
    expect(reason).toContain("dlctl setup");
  });

  test("js computes, and says nothing about tfjs-node", async () => {
    const warned = jest.spyOn(console, "warn").mockImplementation(() => undefined);
    await startRuntime("js");
    expect(Array.from(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync())).toEqual([3, 3, 3, 3]);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});

describeNative("the cpu device", () => {
  test("is started once and reports libtensorflow's version", async () => {
    const first = await startRuntime("cpu");
    expect(first).toMatchObject({ device: "cpu", version: expect.stringMatching(/^2\.\d+\.\d+/) });
    expect(await startRuntime("cpu")).toBe(first);
    expect(tf.getBackend()).toBe("tensorflow");
  });

  test("can be left for js and returned to", async () => {
    const js = await startRuntime("js");
    expect(js.device).toBe("js");
    expect(tf.getBackend()).toBe("cpu");
    expect(await startRuntime("auto")).toBe(js);
    expect((await startRuntime("cpu")).device).toBe("cpu");
    expect(tf.getBackend()).toBe("tensorflow");
  });

  test("threads limits how many compute at once", () => {
    // libtensorflow reads the limit once for each process, so a child measures: one thread can't use more than one core.
    const script = `
      const { startRuntime } = require("./dist/runtime/start-runtime.js");
      const { tf } = require("./dist/runtime/tf.js");
      startRuntime("cpu", { threads: 1 }).then(() => {
        const matrix = tf.ones([1000, 1000]);
        const [cpu, wall] = [process.cpuUsage(), performance.now()];
        for (let count = 0; count < 15; count++) tf.matMul(matrix, matrix).dispose();
        const { user, system } = process.cpuUsage(cpu);
        console.log((user + system) / 1000 / (performance.now() - wall));
      });`;
    const { stdout } = spawnSync(process.execPath, ["-e", script], { cwd: projectFolder, encoding: "utf8" });
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThan(1.2);
  });
});
