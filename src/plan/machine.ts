import type { Work, WorkKind } from "../model/costs/operation";
import { type Precision as AskedPrecision, isHalf } from "../runtime/precision";
import type { DeviceSpec, Precision } from "./devices";
import { bytesPerNumber } from "./memory";

export type Direction = "forward" | "backward";

/** What a plan asks of a device: a stated one, or this machine as it was measured. */
export interface Machine {
  readonly name: string;
  /** Where its rates come from. */
  readonly source: string;
  readonly memoryBytes: number;
  /** Most operations per second, and the precision they are of: the roofline's flat part. */
  readonly flopsPerSecond: number;
  readonly precision: Precision;
  readonly bytesPerSecond: number;
  /** Of a step, besides what is computed in it. */
  readonly stepSeconds: { readonly train: number; readonly predict: number };
  /** Of one operation on a batch. */
  workSeconds(kind: WorkKind, direction: Direction, work: Work, batch: number): number;
  /** Of the optimizer's update: reading and writing so many bytes by so many kernels. */
  updateSeconds(bytes: number, launches: number): number;
  /** Of the batch's inputs on their way to the device. */
  feedSeconds(bytes: number): number;
  /** The same device with 16-bit numbers; undefined where that is not known. */
  readonly halfPrecision?: Machine | undefined;
  /** Bytes of the program itself where it shares the device's memory; 0 on a device with its own. */
  readonly programBytes: number;
}

/** Bytes that an operation moves on a batch. */
export const movedBytes = (work: Work, batch: number): number => bytesPerNumber * (batch * work.moved + work.movedOnce);

/** What of a stated peak is reached: products by libraries as cuDNN and oneDNN, and by what works number by number. */
const reached = { products: 0.5, convolutions: 0.4, recurrence: 0.1, bandwidth: 0.7 };

const launchSeconds = { cpu: 8e-6, gpu: 6e-6, tpu: 2e-6 };
const stepSeconds = { cpu: 2e-4, gpu: 5e-4, tpu: 5e-4 };

/** Bytes per second from the host's memory to the device's: PCIe as programs reach it. */
const hostLink = 1e10;

/** TensorFlow takes these for float32 products: TensorFloat-32 where a GPU has it; a TPU has bfloat16 alone. */
function trainingPrecision({ peak, kind }: DeviceSpec): Precision {
  if (kind === "tpu") return "bfloat16";
  return kind === "gpu" && peak.tensorFloat32 !== undefined ? "tensorFloat32" : "float32";
}

/** The device's name of what a config asks for; its default where it lacks that. */
function statedPrecision(spec: DeviceSpec, asked: AskedPrecision | undefined): Precision {
  const named = asked === "tf32" ? "tensorFloat32" : asked;
  return named !== undefined && spec.kind !== "tpu" && spec.peak[named] !== undefined ? named : trainingPrecision(spec);
}

/**
 * A device that is not here: the greater of computing and moving, at shares of its maker's figures that are usual, in the precision that is asked
 * for where its maker states a figure for it.
 */
export function statedMachine(spec: DeviceSpec, asked?: AskedPrecision): Machine {
  const precision = statedPrecision(spec, asked);
  if (isHalf(asked) && precision === asked) return machineIn(spec, precision, bytesPerNumber / 2);
  const half = spec.peak.bfloat16 !== undefined ? "bfloat16" : "float16";
  const isFaster = spec.kind !== "tpu" && spec.peak[half] !== undefined;
  const halfPrecision = isFaster ? machineIn(spec, half, bytesPerNumber / 2) : undefined;
  return { ...machineIn(spec, precision, bytesPerNumber), halfPrecision };
}

function machineIn(spec: DeviceSpec, precision: Precision, numberBytes: number): Machine {
  const flopsPerSecond = spec.peak[precision] as number;
  const bytesPerSecond = spec.bytesPerSecond;
  const vectorFlops = spec.peak.float32 ?? flopsPerSecond / 20;
  const rates: Readonly<Record<WorkKind, number>> = {
    product: reached.products * flopsPerSecond,
    batchedProduct: reached.products * flopsPerSecond,
    convolution: reached.convolutions * flopsPerSecond,
    recurrence: reached.recurrence * flopsPerSecond,
    depthwise: reached.convolutions * vectorFlops,
    pooling: vectorFlops,
    gather: vectorFlops,
    elementwise: vectorFlops,
  };
  const launch = launchSeconds[spec.kind];
  const step = stepSeconds[spec.kind];
  return {
    name: spec.name,
    source: spec.source,
    memoryBytes: spec.memoryBytes,
    flopsPerSecond,
    precision,
    bytesPerSecond,
    stepSeconds: { train: step, predict: step / 2 },
    workSeconds: (kind, _direction, work, batch) =>
      Math.max(
        (work.flops * batch) / rates[kind],
        ((numberBytes / bytesPerNumber) * movedBytes(work, batch)) / (reached.bandwidth * bytesPerSecond),
      ) +
      work.launches * launch,
    feedSeconds: (bytes) => bytes / (spec.kind === "cpu" ? bytesPerSecond / 4 : hostLink),
    updateSeconds: (bytes, launches) => bytes / (reached.bandwidth * bytesPerSecond) + launches * launch,
    programBytes: spec.kind === "cpu" ? 400 * 2 ** 20 : 0,
  };
}
