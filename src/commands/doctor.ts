import { imageLibraryVersions } from "../data/image-library-versions";
import { cudaVersionText } from "../runtime/cuda/driver-facts";
import { architectureSupport, capabilityText } from "../runtime/cuda/explain-cuda";
import type { CudnnProof } from "../runtime/cuda/prove-cudnn";
import { type Diagnosis, diagnose } from "../runtime/doctor/diagnose";
import type { GpuReport, RuntimeReport } from "../runtime/doctor/examine-runtimes";
import type { CommandContext } from "./context";

/** `dlctl doctor`: what this machine has to compute with, what is missing, and how to mend it. */
export async function doctorCommand(context: CommandContext): Promise<void> {
  const diagnosis = await diagnose(await imageLibraryVersions());
  for (const line of describe(diagnosis)) context.print(line);
  const log = diagnosis.runtimes.flatMap(({ gpu }) => gpu?.log ?? []);
  if (context.isVerbose && log.length > 0) for (const line of ["", "libtensorflow's log", ...log]) context.print(line);
  await context.json(diagnosis);
}

function describe({ device, reason, runtimes, versions, system, threads, cache }: Diagnosis): string[] {
  const set = Object.entries(threads).filter(([, value]) => value !== null);
  return [
    `device    ${device} (${reason})`,
    "",
    ...runtimes.flatMap(describeRuntime),
    "",
    `versions  ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version ?? "not there"}`)
      .join(", ")}`,
    `system    ${system.platform} ${system.arch}, kernel ${system.kernel}${system.glibc ? `, glibc ${system.glibc}` : ""}`,
    `processor ${system.cpu}, ${system.cores} cores, ${(system.memoryBytes / 2 ** 30).toFixed(1)} GiB memory`,
    `features  ${system.cpuFeatures.join(" ") || "not known"}`,
    `threads   ${set.map(([name, value]) => `${name}=${value}`).join(" ") || `one for each core (${system.cores})`}`,
    `cache     ${cache.path}${cache.exists ? "" : " (empty)"}`,
    ...(versions.sharp === null
      ? ["", "Images can't be read: sharp does not load. To mend it, install dlctl anew with npm."]
      : []),
  ];
}

function describeRuntime(report: RuntimeReport): string[] {
  const { device, available, path, version, problem, fix, ownOps, ownOpsProblem } = report;
  const state = available ? `yes, ${device === "js" ? "TensorFlow.js" : "libtensorflow"} ${version}` : `no: ${problem}`;
  return [
    `${device.padEnd(9)} ${state}`,
    ...(path ? [`${" ".repeat(10)}in ${path}`] : []),
    ...(ownOps ? [`${" ".repeat(10)}with dlctl's own operations for ${ownOps}`] : []),
    ...(ownOpsProblem ? [`${" ".repeat(10)}without dlctl's own operations, which are faster: ${ownOpsProblem}`] : []),
    ...(fix ? [`${" ".repeat(10)}to mend it: ${fix}`] : []),
    ...(report.gpu ? describeGpu(report.gpu).map((line) => `${" ".repeat(10)}${line}`) : []),
  ];
}

function describeGpu({ driver, libraries, source, architectures, computedOn, cudnn }: GpuReport): string[] {
  const cuda = driver.cudaVersion === null ? "" : `, serves CUDA ${cudaVersionText(driver.cudaVersion)}`;
  const driverName = driver.moduleVersion ?? (driver.path === null ? "none" : "of an unknown version");
  const capabilities = architectures.binary.map(capabilityText).join(", ");
  return [
    `driver ${driverName}${cuda}${driver.path === null ? "" : `, ${driver.path}`}`,
    ...driver.gpus.map((gpu, index) => {
      const support = architectureSupport(gpu, architectures);
      const note = {
        binary: "",
        compiled: "; its code is compiled at first use, which takes minutes",
        none: "; no code for it",
      };
      const memory = (gpu.memoryBytes / 2 ** 30).toFixed(1);
      return `gpu:${index} ${gpu.name}, ${memory} GiB, compute capability ${gpu.computeCapability}${note[support]}`;
    }),
    `code for compute capability ${capabilities}; CUDA libraries: ${source}`,
    ...libraries.map(
      ({ file, path, version, problem }) =>
        `  ${file}${version ? ` ${version}` : ""} ${problem ? `can't be used: ${problem}` : path}`,
    ),
    computedOn?.includes("GPU")
      ? `a matrix product was computed on ${computedOn}`
      : "no matrix product was computed on a GPU",
    ...(cudnn ? [describeCudnn(cudnn)] : []),
  ];
}

function describeCudnn({ isProven, difference, problem }: CudnnProof): string {
  return isProven
    ? `LSTM and GRU run on cuDNN's kernels, which differ from TensorFlow's operations by ${difference?.toExponential(1)} of scale`
    : `LSTM and GRU do without cuDNN's kernels: ${problem}`;
}
