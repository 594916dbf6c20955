import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addonFolderPrefix } from "../../src/runtime/installed-runtime";
import { describeFakeCuda, type FakeCuda, makeFakeCuda } from "../helpers/fake-cuda";
import { runDlctl } from "../helpers/run-dlctl";

/** A GPU runtime with a driver and CUDA libraries that are there and can do nothing; the addon itself is not needed to say so. */
describeFakeCuda("--device gpu without a GPU", () => {
  let folder: string;
  let cuda: FakeCuda;
  let env: Record<string, string | undefined>;
  const architectures = { binary: [60, 70, 80, 89, 90], ptx: [90] };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "dlctl-gpu-"));
    cuda = makeFakeCuda(folder);
    install(cuda.libraries);
    env = {
      XDG_CACHE_HOME: join(folder, "cache"),
      LD_LIBRARY_PATH: cuda.driverFolder,
      CUDA_VISIBLE_DEVICES: undefined,
      FAKE_GPUS: "NVIDIA H100 80GB HBM3|80|9|0",
    };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function install(libraries: FakeCuda["libraries"]): void {
    const addon = join(folder, "cache", "dlctl", `${addonFolderPrefix("gpu")}2.21.0`);
    mkdirSync(addon, { recursive: true });
    cpSync(cuda.addonPath, join(addon, "cuda.node"));
    const record = { libtensorflow: "2.21.0", source: "a test", cuda: { source: "a test", libraries, architectures } };
    writeFileSync(join(addon, "addon.json"), JSON.stringify(record));
  }

  const train = (device: string, more: Record<string, string | undefined> = {}) =>
    runDlctl(["train", "configs/quick/penguins.json", "--device", device, "--out", join(folder, "model")], {
      env: { ...env, ...more },
    });

  test.each([
    ["gpu", { LD_LIBRARY_PATH: "" }, "there is no NVIDIA driver", "install NVIDIA's driver"],
    ["gpu", { FAKE_CUDA_VERSION: "11040" }, "too old: it serves CUDA 11.4", "525.60"],
    ["gpu", { FAKE_CUDA_INIT: "100" }, "finds no GPU", "nvidia-smi"],
    ["gpu", { FAKE_GPUS: "GeForce GTX 980|4|5|2" }, "no code for GeForce GTX 980", "--device cpu"],
    ["gpu:2", {}, "there is no GPU 2: there is gpu:0 NVIDIA H100", "name one of these"],
  ])("--device %s with %j ends with 7, the reason and what mends it", (device, more, problem, fix) => {
    const { code, stderr, stdout } = train(device, more);
    expect(stderr).toContain(`The gpu device is not available: `);
    expect(stderr).toContain(problem);
    expect(stderr).toContain(fix);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe("");
    expect(code).toBe(7);
  });

  test("a library that is gone is named, and the command that brings it back", () => {
    const gone = join(folder, "gone", "libcudnn.so.9");
    install(cuda.libraries.map((library) => (library.name === "cudnn" ? { ...library, path: gone } : library)));
    const { code, stderr } = train("gpu");
    install(cuda.libraries);
    expect(stderr).toContain("the CUDA library libcudnn.so.9 can't be used");
    expect(stderr).toContain("dlctl setup --device gpu --force");
    expect(code).toBe(7);
  });

  test("auto falls back and says why in one line", () => {
    const { code, stderr } = runDlctl(
      ["train", "configs/quick/penguins.json", "train.epochs=1", "--no-report", "--out", join(folder, "auto")],
      { env: { ...env, LD_LIBRARY_PATH: "" } },
    );
    expect(code).toBe(0);
    expect(stderr.split("\n").filter((line) => line.includes("NVIDIA"))).toEqual([
      expect.stringMatching(/device (cpu|js): .*there is no NVIDIA driver/),
    ]);
  });

  test("doctor lists the GPUs, the driver and each library with its place", () => {
    const { code, stdout } = runDlctl(["doctor", "--json"], { env: { ...env, FAKE_CUDA_VERSION: "11040" } });
    expect(code).toBe(0);
    const [gpu] = JSON.parse(stdout).runtimes;
    expect(gpu).toMatchObject({ device: "gpu", available: false, gpu: { computedOn: null, architectures } });
    expect(gpu.gpu.driver).toMatchObject({ cudaVersion: 11040, gpus: [{ name: "NVIDIA H100 80GB HBM3" }] });
    expect(gpu.gpu.libraries).toContainEqual({
      name: "cudnn",
      file: "libcudnn.so.9",
      path: join(cuda.libraryFolder, "libcudnn.so.9"),
      version: "9.10",
      problem: null,
    });
    const text = runDlctl(["doctor"], { env }).stdout;
    expect(text).toContain("gpu:0 NVIDIA H100 80GB HBM3, 80.0 GiB, compute capability 9.0");
  });
});

test("a device that there is not is refused with those there are", () => {
  const { code, stderr } = runDlctl(["train", "configs/quick/penguins.json", "--device", "gpu:x"]);
  expect(code).toBe(2);
  expect(stderr).toContain("auto, gpu, gpu:<number>, cpu, js");
});
