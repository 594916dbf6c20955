import { totalmem } from "node:os";
import type { Machine } from "../machine";
import { priceOf, workAmounts } from "./features";
import type { Calibration } from "./stored-calibration";
import { processorName } from "./stored-calibration";

/** Memory that this process may use: the machine's, or less in a container. */
export function availableMemory(): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
}

/** This machine, by what was measured of it. `memoryBytes` are the device's. */
export function measuredMachine(
  { prices, programBytes, measuredAt }: Calibration,
  { device, memoryBytes }: { readonly device: "cpu" | "gpu"; readonly memoryBytes: number },
): Machine {
  return {
    name: device === "gpu" ? "this machine's GPU" : `this machine (${processorName()})`,
    source: `measured ${measuredAt.slice(0, 10)}`,
    memoryBytes,
    flopsPerSecond: 1 / Math.min(prices.product, prices.convolutionForward),
    precision: "float32",
    bytesPerSecond: 1 / prices.elementwiseInMemoryForward,
    stepSeconds: { train: prices.trainStep, predict: prices.predictStep },
    workSeconds: (kind, direction, work, batch) => priceOf(prices, workAmounts(kind, direction, work, batch)),
    feedSeconds: (bytes) => priceOf(prices, { feed: bytes }),
    updateSeconds: (bytes, launches) => priceOf(prices, { update: bytes, launch: launches }),
    programBytes: device === "cpu" ? programBytes : 0,
  };
}
