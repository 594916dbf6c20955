import { type CudaInstallation, cudaMajor, type GpuArchitectures, ptxCudaVersion } from "./cuda-libraries";
import { type CudaFacts, cudaVersionText, type DriverFacts, type GpuFacts } from "./driver-facts";

/** Why a GPU can't be used, and what mends it: a command, or a sentence. */
export interface CudaProblem {
  readonly problem: string;
  readonly fix: string;
}

const setupAgain = "dlctl setup --device gpu --force";
const updateDriver = "install a driver of 525.60 or newer (Ubuntu: sudo ubuntu-drivers install), or use --device cpu";

/** What stands in the way of computing on GPU `index`, the first thing that does; undefined where nothing is known to. */
export function explainCuda(facts: CudaFacts, cuda: CudaInstallation, index: number): CudaProblem | undefined {
  return explainDriver(facts.driver) ?? explainLibraries(facts) ?? explainChoice(facts.driver, cuda, index);
}

function explainDriver({ path, moduleVersion, cudaVersion, error }: DriverFacts): CudaProblem | undefined {
  if (path === null) {
    if (moduleVersion === null) {
      return {
        problem: "there is no NVIDIA driver (libcuda.so.1 is not found)",
        fix: "install NVIDIA's driver (Ubuntu: sudo ubuntu-drivers install), or use --device cpu",
      };
    }
    return {
      problem: `the NVIDIA driver ${moduleVersion} is running, but its library can't be loaded here: ${error}`,
      fix: "start the container with its GPUs (docker run --gpus all), or install the driver's libraries",
    };
  }
  const driver = moduleVersion === null ? "the NVIDIA driver" : `the NVIDIA driver ${moduleVersion}`;
  if (cudaVersion !== null && cudaVersion < cudaMajor * 1000) {
    return {
      problem: `${driver} is too old: it serves CUDA ${cudaVersionText(cudaVersion)}, and CUDA ${cudaMajor} is needed`,
      fix: updateDriver,
    };
  }
  return error === null ? undefined : explainStart(driver, error);
}

function explainStart(driver: string, error: string): CudaProblem {
  switch (error) {
    case "CUDA_ERROR_NO_DEVICE":
      return { problem: `${driver} finds no GPU${visibility()}`, fix: "nvidia-smi" };
    case "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH":
      return {
        problem: `${driver} and its library libcuda.so.1 have different versions (${error})`,
        fix: "restart the machine, which an update of the driver needs",
      };
    case "CUDA_ERROR_STUB_LIBRARY":
      return {
        problem: `libcuda.so.1 is the toolkit's stub and not ${driver} (${error})`,
        fix: "take the folder .../stubs out of LD_LIBRARY_PATH and ldconfig's paths",
      };
    default:
      return { problem: `${driver} does not start: ${error}`, fix: "nvidia-smi" };
  }
}

function explainLibraries({ libraries }: CudaFacts): CudaProblem | undefined {
  const bad = libraries.find(({ problem }) => problem !== null);
  return bad && { problem: `the CUDA library ${bad.file} can't be used: ${bad.problem}`, fix: setupAgain };
}

function explainChoice({ gpus, cudaVersion }: DriverFacts, cuda: CudaInstallation, index: number) {
  const gpu = gpus[index];
  if (!gpu) return explainAbsence(gpus, index);
  const support = architectureSupport(gpu, cuda.architectures);
  if (support === "binary") return undefined;
  const named = `${gpu.name} (compute capability ${gpu.computeCapability})`;
  if (support === "none") {
    const has = cuda.architectures.binary.map(capabilityText).join(", ");
    return {
      problem: `this libtensorflow has no code for ${named}: it has for ${has}`,
      fix: "use --device cpu, or a libtensorflow built for it: dlctl setup --device gpu --from <folder>",
    };
  }
  if (cudaVersion === null || cudaVersion >= ptxCudaVersion) return undefined;
  return {
    problem: `the NVIDIA driver is too old to compile for ${named}: it serves CUDA ${cudaVersionText(cudaVersion)}, and ${cudaVersionText(ptxCudaVersion)} is needed for this GPU`,
    fix: "install a driver of 555 or newer, or use --device cpu",
  };
}

function explainAbsence(gpus: readonly GpuFacts[], index: number): CudaProblem {
  if (gpus.length === 0) return { problem: `the NVIDIA driver finds no GPU${visibility()}`, fix: "nvidia-smi" };
  const list = gpus.map(({ name }, number) => `gpu:${number} ${name}`).join(", ");
  return { problem: `there is no GPU ${index}: there is ${list}${visibility()}`, fix: "name one of these" };
}

function visibility(): string {
  const value = process.env.CUDA_VISIBLE_DEVICES;
  return value === undefined ? "" : ` (CUDA_VISIBLE_DEVICES is "${value}")`;
}

/** How a GPU is served: by machine code for its generation, by code that the driver compiles at first use, or not at all. */
export function architectureSupport(
  { computeCapability }: Pick<GpuFacts, "computeCapability">,
  { binary, ptx }: GpuArchitectures,
): "binary" | "compiled" | "none" {
  const [major = 0, minor = 0] = computeCapability.split(".").map(Number);
  const capability = major * 10 + minor;
  // Machine code runs within its generation only, and forwards.
  if (binary.some((code) => Math.floor(code / 10) === major && code <= capability)) return "binary";
  return ptx.some((code) => code <= capability) ? "compiled" : "none";
}

/** "9.0" of 90. */
export function capabilityText(capability: number): string {
  return `${Math.floor(capability / 10)}.${capability % 10}`;
}
