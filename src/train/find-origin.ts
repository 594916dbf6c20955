import type { CheckpointState } from "../checkpoint/checkpoint-state";
import { readModelWeights } from "../checkpoint/model-weights";
import type { HostBatch } from "../data/batches/host-batch";
import { findNonFinite, type NonFinite } from "../engine/find-non-finite";
import { epochBatches } from "./epoch-batches";
import type { TrainingSetup } from "./training-setup";

/** Where a run that diverged went bad. */
export interface DivergenceOrigin {
  /** The update, counted from 1. */
  readonly step: number;
  readonly found: NonFinite | { readonly what: "update"; readonly weight: string };
  /** What people call the example that is to blame; undefined where none is known to be. */
  readonly example: string | undefined;
}

/**
 * Repeats the steps after a checkpoint, whose state `setup` has, up to update `until`, whose loss was not finite; looks closely at the
 * last two: weights that one update spoils show in the next one's loss. Undefined when nothing is found or `signal` is aborted.
 */
export async function findOrigin(
  setup: TrainingSetup,
  from: CheckpointState,
  until: number,
  signal: AbortSignal,
): Promise<DivergenceOrigin | undefined> {
  const { engine, program, schedule, data } = setup;
  for await (const { batch, step } of batchesFrom(setup, from)) {
    if (signal.aborted || step >= until) return undefined;
    const isClose = step >= until - 2;
    if (isClose) {
      engine.syncModel();
      const found = findNonFinite(program, batch, step);
      if (found) {
        const example = "example" in found ? data.set.origin(batch.examples[found.example] as number) : undefined;
        return { step: step + 1, found, example };
      }
    }
    engine.trainStep(batch, { step, learningRate: schedule.rateAt(step) });
    if (!isClose) continue;
    engine.syncModel();
    const spoiled = readModelWeights(setup.model).find(({ data: values }) => !values.every(Number.isFinite));
    if (spoiled) return { step: step + 1, found: { what: "update", weight: spoiled.name }, example: undefined };
  }
  return undefined;
}

/** The batches of a run from a state on, epoch after epoch without end, each with the updates before it. */
async function* batchesFrom(
  setup: TrainingSetup,
  state: CheckpointState,
): AsyncGenerator<{ readonly batch: HostBatch; readonly step: number }, void, undefined> {
  let { step, batch: skipBatches } = state;
  for (let { epoch } = state; ; epoch++) {
    for await (const batch of epochBatches(setup, epoch, skipBatches)) {
      yield { batch, step };
      step += 1;
    }
    skipBatches = 0;
  }
}
