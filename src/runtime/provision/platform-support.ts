import { EnvironmentError } from "../../shared/errors";
import type { NativeDevice } from "../installed-runtime";

const oldestGlibc = [2, 27] as const;

/** Throws EnvironmentError, naming the platform plainly, where no build of libtensorflow can run. */
export function requireSupportedPlatform(device: NativeDevice = "cpu"): void {
  const problem = device === "gpu" ? gpuPlatformProblem() : platformProblem();
  if (problem) {
    throw new EnvironmentError(problem, {
      hint:
        device === "gpu"
          ? "Set up the CPU runtime: dlctl setup"
          : "The js device works here without libtensorflow, slowly: --device js.",
    });
  }
}

/** Why no GPU can be used on this platform, one line; undefined where one can. */
export function gpuPlatformProblem(): string | undefined {
  const { platform, arch } = process;
  if (platform !== "linux" || arch !== "x64") {
    return `There is no libtensorflow for NVIDIA's GPUs on ${platform} ${arch}; it is built for Linux on x64, and WSL 2 is that`;
  }
  return platformProblem();
}

/** Why there is no native runtime for this platform, one line; undefined where there is one. */
export function platformProblem(): string | undefined {
  const { platform, arch } = process;
  if (platform === "win32") return "There is no native runtime for Windows; dlctl runs natively inside WSL 2";
  if (platform === "darwin" && arch !== "arm64") {
    return "There is no current libtensorflow for macOS on Intel processors";
  }
  if (platform !== "linux" && platform !== "darwin") return `There is no libtensorflow for ${platform}`;
  if (arch !== "x64" && arch !== "arm64") return `There is no libtensorflow for ${platform} on ${arch}`;
  return platform === "linux" ? glibcProblem() : undefined;
}

function glibcProblem(): string | undefined {
  const version = glibcVersion();
  if (!version)
    return "libtensorflow is built for glibc and this system has another C library (musl, as on Alpine Linux)";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isTooOld = major < oldestGlibc[0] || (major === oldestGlibc[0] && minor < oldestGlibc[1]);
  return isTooOld
    ? `libtensorflow needs glibc ${oldestGlibc.join(".")} or newer and this system has ${version}`
    : undefined;
}

/** The version of glibc that Node runs on; undefined with another C library. */
export function glibcVersion(): string | undefined {
  // The report also lists network interfaces, which can take seconds where names resolve slowly.
  const report = process.report as typeof process.report & { excludeNetwork?: boolean };
  report.excludeNetwork = true;
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime;
}
