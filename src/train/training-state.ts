import type { Checkpoint } from "../checkpoint/checkpoint";
import type { CheckpointState } from "../checkpoint/checkpoint-state";
import { readModelWeights, writeModelWeights } from "../checkpoint/model-weights";
import type { StepStatistics } from "../engine/engine";
import type { TrainingPosition } from "./checkpoint-keeper";
import { type Place, requireFinite } from "./divergence";
import { EpochSums } from "./epoch-sums";
import type { TrainingSetup } from "./training-setup";

/** How far a run has come, and what it knows of the epoch it is in. Weights, optimizer and schedules are in its setup. */
export class TrainingState {
  /** The best epoch so far, as the monitor sees it. */
  best: CheckpointState["best"] = null;
  private steps = 0;
  private epochs = 0;
  private batches = 0;
  private epochSums: EpochSums;
  private secondsBefore = 0;
  private readonly startedAt = performance.now();

  constructor(private readonly setup: TrainingSetup) {
    this.epochSums = new EpochSums(setup.metrics);
  }

  /** Updates done. */
  get step(): number {
    return this.steps;
  }

  /** Whole epochs done. */
  get epoch(): number {
    return this.epochs;
  }

  /** Updates done in this epoch. */
  get batch(): number {
    return this.batches;
  }

  /** Of the steps of this epoch. */
  get sums(): EpochSums {
    return this.epochSums;
  }

  get position(): TrainingPosition {
    return { epoch: this.epochs, step: this.steps };
  }

  /** Spent on the run by all processes that have worked on it. */
  get seconds(): number {
    return this.secondsBefore + (performance.now() - this.startedAt) / 1000;
  }

  get isDone(): boolean {
    const { config, earlyStopping } = this.setup;
    return this.epochs >= config.train.epochs || (earlyStopping?.isStopped ?? false);
  }

  /** The last update. */
  get place(): Place {
    return {
      step: this.steps,
      epoch: this.epochs + 1,
      learningRate: this.setup.schedule.rateAt(Math.max(0, this.steps - 1)),
    };
  }

  countStep(statistics: StepStatistics): void {
    this.epochSums.add(statistics);
    this.steps += 1;
    this.batches += 1;
  }

  /** `epoch`: how many are done then. */
  beginEpochAfter(epoch: number): void {
    this.epochs = epoch;
    this.batches = 0;
    this.epochSums = new EpochSums(this.setup.metrics);
  }

  /** All that is needed to go on from here. Throws DivergedError rather than keep weights that are not finite. */
  snapshot(): Checkpoint {
    const { model, engine, schedule, earlyStopping } = this.setup;
    engine.syncModel();
    const weights = readModelWeights(model);
    requireFinite(weights, this.place);
    return {
      state: {
        step: this.steps,
        epoch: this.epochs,
        batch: this.batches,
        sums: this.batches === 0 ? null : this.epochSums.toJSON(),
        schedule: schedule.state?.() ?? null,
        earlyStopping: earlyStopping?.state ?? null,
        best: this.best,
        seconds: this.seconds,
      },
      weights,
      slots: engine.readSlots(),
    };
  }

  /** Goes back to a snapshot. Throws RangeError when it is of another model. */
  restore({ state, weights, slots }: Checkpoint): void {
    const { model, engine, schedule, earlyStopping } = this.setup;
    writeModelWeights(model, weights);
    engine.adoptModelWeights();
    engine.restoreSlots(slots);
    this.steps = state.step;
    this.epochs = state.epoch;
    this.batches = state.batch;
    if (state.sums) this.epochSums.restore(state.sums);
    if (state.schedule !== null) schedule.restore?.(state.schedule);
    if (state.earlyStopping) earlyStopping?.restore(state.earlyStopping);
    this.best = state.best;
    this.secondsBefore = state.seconds;
  }
}
