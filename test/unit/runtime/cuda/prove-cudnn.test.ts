import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CudaFacts } from "../../../../src/runtime/cuda/driver-facts";
import { keepCudnnProof, keepProof, keptCudnnProof } from "../../../../src/runtime/cuda/kept-proof";
import { proveCudnn } from "../../../../src/runtime/cuda/prove-cudnn";
import type { InstalledRuntime } from "../../../../src/runtime/installed-runtime";
import { examineCuda, probeGpu } from "../../../../src/runtime/probe-gpu";
import { describeFakeCuda, makeFakeCuda } from "../../../helpers/fake-cuda";
import { describeNative } from "../../../helpers/runtime";

describeNative("proving cuDNN's recurrent kernels", () => {
  test("fails where there is no GPU, with TensorFlow's reason in one line", async () => {
    const proof = await proveCudnn("cpu");
    const problem = expect.stringContaining("CudnnRNNV3");
    expect(proof).toEqual({ isProven: false, difference: null, problem, isFinal: true });
    expect(proof.problem).not.toContain("\n");
    expect(proof.problem.length).toBeLessThan(300);
  });

  test("fails where the runtime is not there", async () => {
    const cache = join(tmpdir(), "dlctl-no-such-cache");
    const proof = await proveCudnn("gpu", { ...process.env, XDG_CACHE_HOME: cache });
    expect(proof).toEqual({ isProven: false, difference: null, problem: "no gpu runtime is set up", isFinal: false });
  });
});

describe("the proof of cuDNN's recurrent kernels", () => {
  const facts = (cudaVersion: number): CudaFacts => ({
    driver: {
      ...{ path: "/usr/lib/libcuda.so.1", moduleVersion: "570.1", cudaVersion, error: null },
      gpus: [
        { name: "H100", memoryBytes: 8e10, computeCapability: "9.0", uuid: "one" },
        { name: "H100", memoryBytes: 8e10, computeCapability: "9.0", uuid: "other" },
      ],
    },
    libraries: [
      { name: "cudnn", file: "libcudnn.so.9", path: "/usr/lib/libcudnn.so.9", version: "9.28", problem: null },
    ],
  });
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dlctl-proof-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    { isProven: true, difference: 2e-7, problem: "", isFinal: true },
    { isProven: false, difference: null, problem: "it was stopped by SIGABRT", isFinal: true },
  ])("is kept for the same GPU, driver and libraries: %j", async (proof) => {
    expect(await keptCudnnProof(folder, facts(12080), 0)).toBeUndefined();
    await keepCudnnProof(folder, facts(12080), 0, proof);
    expect(await keptCudnnProof(folder, facts(12080), 0)).toEqual(proof);
    expect(await keptCudnnProof(folder, facts(12080), 1)).toBeUndefined();
    expect(await keptCudnnProof(folder, facts(12090), 0)).toBeUndefined();
  });
});

describeFakeCuda("a GPU that has computed before", () => {
  const before = { ...process.env };
  let folder: string;
  let installed: InstalledRuntime;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "dlctl-proof-"));
    const cuda = makeFakeCuda(folder);
    installed = {
      ...{ device: "gpu", folder, libtensorflow: "2.21.0", source: "a test", ownOpsProblem: undefined },
      ...{ addonPath: "", heldStderrPath: "", blockedSignalsPath: "", photosPath: "", cudaAddonPath: cuda.addonPath },
      cuda: { source: "a test", libraries: cuda.libraries, architectures: { binary: [90], ptx: [] } },
    };
    Object.assign(process.env, {
      ...{ LD_LIBRARY_PATH: cuda.driverFolder, FAKE_GPUS: "NVIDIA H100|80|9|0", XDG_CACHE_HOME: folder },
    });
  });
  afterAll(() => {
    process.env = before;
    rmSync(folder, { recursive: true, force: true });
  });

  test("is asked for cuDNN's kernels once, but again where that was no answer", async () => {
    const facts = (await examineCuda(installed.cudaAddonPath, installed.cuda?.libraries ?? [])) as CudaFacts;
    await keepProof(folder, facts, 0);
    const probe = () => probeGpu(installed, 0, { takesEarlierProof: true });
    const failed = { isProven: false, problem: "no gpu runtime is set up", isFinal: false };
    expect(await probe()).toMatchObject({ isUsable: true, cudnn: failed });
    expect(await keptCudnnProof(folder, facts, 0)).toBeUndefined();
    const proof = { isProven: true, difference: 3e-7, problem: "", isFinal: true };
    await keepCudnnProof(folder, facts, 0, proof);
    expect(await probe()).toMatchObject({ isUsable: true, cudnn: proof });
  });
});
