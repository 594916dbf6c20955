import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findInstalledRuntime, type InstalledRuntime } from "../runtime/installed-runtime";
import { startRuntime } from "../runtime/start-runtime";
import { EnvironmentError } from "../shared/errors";
import { calibrate } from "./calibration/calibrate";
import { availableMemory, measuredMachine } from "./calibration/measured-machine";
import { calibrationPath, readCalibration, storeCalibration } from "./calibration/stored-calibration";
import type { Machine } from "./machine";

interface CalibrationOptions {
  /** Measures even if it was done before. */
  readonly isForced: boolean;
  /** From 0 to 1; not called where what was measured before is used. */
  onProgress(done: number): void;
}

/** This machine, and for people how well it is known. */
export interface KnownMachine {
  readonly machine: Machine;
  readonly notes: readonly string[];
}

/** A calibration that explains its own probes no better than this was disturbed. */
const calmError = 0.25;

/**
 * This machine by what is measured of it, which takes some seconds the first time. A sentence instead where there is no libtensorflow: on
 * the js device times hang on too much else.
 */
export async function thisMachine(signal: AbortSignal, options: CalibrationOptions): Promise<KnownMachine | string> {
  for (const name of ["gpu", "cpu"] as const) {
    const installed = findInstalledRuntime(name);
    const stored = installed && !options.isForced && (await readCalibration(calibrationPath(installed)));
    if (stored) return { machine: measuredMachine(stored, await deviceOf(name)), notes: [] };
    if (installed && (await isStarted(name))) return measure(installed, signal, options);
  }
  return "no libtensorflow is set up, so this machine is not measured; `dlctl setup` provides it";
}

/** A GPU runtime may be there without a GPU. */
async function isStarted(name: "gpu" | "cpu"): Promise<boolean> {
  try {
    // As most models are trained.
    await startRuntime(name, { isMostlyOwn: true });
    return true;
  } catch (error) {
    if (name === "gpu" && error instanceof EnvironmentError) return false;
    throw error;
  }
}

async function measure(
  installed: InstalledRuntime,
  signal: AbortSignal,
  options: CalibrationOptions,
): Promise<KnownMachine> {
  const measured = await calibrate(signal, options.onProgress);
  const isKept = await storeCalibration(calibrationPath(installed), measured);
  const calibration = { ...measured, measuredAt: new Date().toISOString() };
  const { median } = measured.error;
  return {
    machine: measuredMachine(calibration, await deviceOf(installed.device)),
    notes: [
      ...(median > calmError
        ? [
            `the machine was busy while it was measured (its own times are off by ${Math.round(100 * median)} %): --calibrate measures anew`,
          ]
        : []),
      ...(isKept ? [] : ["what was measured could not be kept in the cache; it is measured anew the next time"]),
    ],
  };
}

async function deviceOf(device: "gpu" | "cpu") {
  return { device, memoryBytes: device === "gpu" ? await gpuMemory() : availableMemory() };
}

/** Of the first one; 0 where the driver's tool does not tell. */
async function gpuMemory(): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)("nvidia-smi", [
      "--query-gpu=memory.total",
      "--format=csv,noheader,nounits",
    ]);
    return Number(stdout.split("\n", 1)[0]) * 2 ** 20 || 0;
  } catch {
    return 0;
  }
}
