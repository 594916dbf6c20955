import { availableParallelism } from "node:os";
import { usableCpus } from "./cpu-quota";

/**
 * Sets how many threads libtensorflow computes with, by the variables that it reads when it starts: `threads` where they
 * are stated, else what the user has set. By itself it takes a thread for each core, which in a container with a quota
 * are too many: they use it up at once and are then all stopped; there it gets as many as the quota is worth.
 */
export function limitThreads(threads?: number, environment = process.env, cpus = usableCpus()): void {
  if (threads !== undefined) {
    environment.TF_NUM_INTRAOP_THREADS = String(threads);
    environment.OMP_NUM_THREADS = String(threads);
  } else if (cpus < availableParallelism()) {
    environment.TF_NUM_INTRAOP_THREADS ??= String(cpus);
    environment.OMP_NUM_THREADS ??= String(cpus);
    // One operation at a time is always slower than two.
    environment.TF_NUM_INTEROP_THREADS ??= String(Math.max(2, cpus));
  }
}

/** Above so many CPUs it was not measured. */
const fewCpus = 4;

/**
 * For a process that will mostly run dlctl's own operations, each of which uses all threads: one after the other is a tenth faster
 * than two at once, which get into each other's way. Of libtensorflow's own operations the opposite is true. Counts where
 * libtensorflow has not started yet, and where nobody has stated a number.
 */
export function runOneOperationAtATime(environment = process.env, cpus = usableCpus()): void {
  if (cpus <= fewCpus) environment.TF_NUM_INTEROP_THREADS ??= "1";
}

/** How many threads one operation of libtensorflow is split among, once it has started: sums depend on it in their last bits. */
export function computingThreads(environment = process.env): number {
  const stated = Number(environment.TF_NUM_INTRAOP_THREADS);
  return Number.isInteger(stated) && stated > 0 ? stated : availableParallelism();
}
