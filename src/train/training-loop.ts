import { setImmediate as yieldToEvents } from "node:timers/promises";
import { type Checkpoint, readLastCheckpoint, writeBestWeights } from "../checkpoint/checkpoint";
import type { CheckpointState } from "../checkpoint/checkpoint-state";
import { readModelWeights, writeModelWeights } from "../checkpoint/model-weights";
import type { RunFolder } from "../checkpoint/run-folder";
import { trainingBatches } from "../data/batches/training-batches";
import { type DivergedError, InterruptedError } from "../shared/errors";
import { CheckpointKeeper, type TrainingPosition } from "./checkpoint-keeper";
import { divergence, type Place, requireFinite } from "./divergence";
import { EpochSums } from "./epoch-sums";
import { evaluateValidation } from "./evaluate-validation";
import type { Figures, TrainingEvent } from "./events";
import { findOrigin } from "./find-origin";
import type { History, HistoryEntry } from "./history";
import { isBetter, monitored } from "./monitor";
import type { TensorBoardRun } from "./tensorboard/tensorboard-run";
import type { TrainingSetup } from "./training-setup";

/** Where a run writes what it learns. */
export interface RunOutputs {
  readonly folder: RunFolder;
  readonly history: History;
  readonly tensorBoard: TensorBoardRun | undefined;
}

/** The state of a run and its course, epoch by epoch. Yields what happens; writes checkpoints; knows no terminal. */
export class TrainingLoop {
  private step = 0;
  private epoch = 0;
  private batch = 0;
  private sums: EpochSums;
  private best: CheckpointState["best"] = null;
  private secondsBefore = 0;
  private readonly startedAt = performance.now();
  private readonly keeper = new CheckpointKeeper();

  constructor(private readonly setup: TrainingSetup) {
    this.sums = new EpochSums(setup.metrics);
  }

  get position(): TrainingPosition {
    return { epoch: this.epoch, step: this.step };
  }

  /** Whether there is a checkpoint to go on from that is further than the first weights. */
  get hasSaved(): boolean {
    return this.keeper.newest !== null;
  }

  get bestEpoch(): CheckpointState["best"] {
    return this.best;
  }

  get seconds(): number {
    return this.secondsBefore + (performance.now() - this.startedAt) / 1000;
  }

  get isDone(): boolean {
    const { config, earlyStopping } = this.setup;
    return this.epoch >= config.train.epochs || (earlyStopping?.isStopped ?? false);
  }

  /** All that is needed to go on from here. Throws DivergedError rather than keep weights that are not finite. */
  snapshot(): Checkpoint {
    const { model, engine, schedule, earlyStopping } = this.setup;
    engine.syncModel();
    const weights = readModelWeights(model);
    requireFinite(weights, this.where());
    return {
      state: {
        step: this.step,
        epoch: this.epoch,
        batch: this.batch,
        sums: this.batch === 0 ? null : this.sums.toJSON(),
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
    this.step = state.step;
    this.epoch = state.epoch;
    this.batch = state.batch;
    if (state.sums) this.sums.restore(state.sums);
    if (state.schedule !== null) schedule.restore?.(state.schedule);
    if (state.earlyStopping) earlyStopping?.restore(state.earlyStopping);
    this.best = state.best;
    this.secondsBefore = state.seconds;
    this.keeper.startFrom(this.position);
  }

  /**
   * Trains until the last epoch or early stopping. Throws InterruptedError, after a checkpoint, when `signal` is aborted;
   * DivergedError, the last checkpoint untouched, when the loss is not finite.
   */
  async *run(outputs: RunOutputs, signal: AbortSignal): AsyncGenerator<TrainingEvent, void, undefined> {
    while (!this.isDone) {
      const startedAt = performance.now();
      // Other than none in an epoch that an earlier process began.
      const before = this.sums.examples;
      yield* this.trainEpoch(outputs, signal);
      const trainSeconds = (performance.now() - startedAt) / 1000;
      const examples = this.sums.examples - before;
      const validation = yield* this.validate(outputs, signal);
      const seconds = (performance.now() - startedAt) / 1000;
      const entry: HistoryEntry = {
        epoch: this.epoch + 1,
        step: this.step,
        metrics: { ...this.sums.figures(), ...validation },
        learningRate: this.setup.schedule.rateAt(this.step - 1),
        seconds,
      };
      yield* this.endEpoch(entry, examples / trainSeconds, outputs);
      if (signal.aborted && !this.isDone) throw await this.interrupt(outputs);
    }
  }

  private async *trainEpoch(outputs: RunOutputs, signal: AbortSignal): AsyncGenerator<TrainingEvent, void, undefined> {
    const { config, data, engine, schedule, stepsPerEpoch } = this.setup;
    if (this.batch >= stepsPerEpoch) return;
    const batches = trainingBatches({
      inputs: data.inputs,
      targets: data.set.targets,
      examples: data.splits.train,
      batchSize: config.train.batchSize,
      seed: config.seed,
      epoch: this.epoch,
      skipBatches: this.batch,
    });
    const startedAt = performance.now();
    let examples = 0;
    for await (const batch of batches) {
      const learningRate = schedule.rateAt(this.step);
      const statistics = engine.trainStep(batch, { step: this.step, learningRate });
      if (!Number.isFinite(statistics.lossSum + statistics.penalty))
        throw await this.explainDivergence(outputs, { ...this.where(), step: this.step + 1, learningRate }, signal);
      if (engine.lossScale?.isExhausted)
        throw await this.explainDivergence(outputs, { ...this.where(), step: this.step + 1, learningRate }, signal, {
          what: "gradient",
          until: this.step + 1,
        });
      this.sums.add(statistics);
      this.step += 1;
      this.batch += 1;
      examples += batch.count;
      yield {
        type: "step",
        epoch: this.epoch + 1,
        step: this.step,
        stepInEpoch: this.batch,
        examples: this.sums.examples,
        loss: statistics.lossSum / statistics.weight + statistics.penalty,
        metrics: this.sums.figures(),
        learningRate,
        examplesPerSecond: (examples * 1000) / (performance.now() - startedAt),
      };
      // A step is synchronous: signals, timers and the reading of the next batch get their turn here.
      await yieldToEvents();
      if (signal.aborted) throw await this.interrupt(outputs);
      if (this.keeper.isDue) yield await this.save(outputs);
    }
  }

  private async *validate(outputs: RunOutputs, signal: AbortSignal): AsyncGenerator<TrainingEvent, Figures, undefined> {
    if (this.setup.data.splits.validation.length === 0) return {};
    const sums = new EpochSums(this.setup.metrics);
    for await (const total of evaluateValidation(this.setup, sums)) {
      yield { type: "validation", epoch: this.epoch + 1, done: sums.examples, total };
      await yieldToEvents();
      if (signal.aborted) throw await this.interrupt(outputs);
    }
    const figures = sums.figures("val_");
    // As of the weights that the last update has left: the next one would show what is wrong with them.
    if (!Number.isFinite(figures.val_loss))
      throw await this.explainDivergence(outputs, this.where(), signal, {
        what: "validation loss",
        until: this.step + 1,
      });
    return figures;
  }

  private async *endEpoch(
    entry: HistoryEntry,
    examplesPerSecond: number,
    outputs: RunOutputs,
  ): AsyncGenerator<TrainingEvent, void, undefined> {
    const { schedule, earlyStopping, model, engine, monitor } = this.setup;
    const { epoch, metrics } = entry;
    const value = monitored(monitor, metrics);
    const isBest = isBetter(monitor, value, this.best?.value ?? null);
    if (isBest) {
      engine.syncModel();
      const weights = readModelWeights(model);
      requireFinite(weights, this.where());
      // Before the checkpoint that refers to it; what no checkpoint refers to is removed after that.
      this.best = { epoch, value, folder: await writeBestWeights(outputs.folder.checkpoints, epoch, weights) };
    }
    earlyStopping?.endEpoch(epoch, metrics);
    const note = schedule.endEpoch?.(epoch, metrics);
    await outputs.history.append(entry);
    await outputs.tensorBoard?.endEpoch(entry);
    this.epoch = epoch;
    this.batch = 0;
    this.sums = new EpochSums(this.setup.metrics);
    const { lossScale } = engine;
    const scaled = lossScale && { lossScale: { scale: lossScale.scale, skippedSteps: lossScale.skippedSteps } };
    yield { type: "epoch", ...entry, examplesPerSecond, isBest, ...scaled };
    if (note !== undefined) yield { type: "note", message: note };
    if (earlyStopping?.isStopped) yield { type: "note", message: earlyStopping.describeStop() };
    const { everyEpochs } = this.setup.config.train.checkpoints;
    if (epoch % everyEpochs === 0 || this.isDone) yield await this.save(outputs);
  }

  private save({ folder }: RunOutputs): Promise<TrainingEvent> {
    return this.keeper.save(folder.checkpoints, this.snapshot(), this.setup.config.train.checkpoints.keepLast);
  }

  private async interrupt(outputs: RunOutputs): Promise<InterruptedError> {
    if (!this.keeper.isAt(this.position)) await this.save(outputs);
    return new InterruptedError(`Interrupted in epoch ${this.epoch + 1}, after step ${this.step}; nothing is lost`, {
      hint: `Go on with: dlctl train --resume ${outputs.folder.model}`,
    });
  }

  /** Repeats the steps since the last checkpoint to find what went bad first. */
  private async explainDivergence(
    { folder }: RunOutputs,
    place: Place,
    signal: AbortSignal,
    { what, until } = { what: "loss", until: place.step },
  ): Promise<DivergedError> {
    const checkpoint = await readLastCheckpoint(folder.checkpoints, () => undefined).catch(() => undefined);
    if (!checkpoint) return divergence(place, what);
    this.restore(checkpoint);
    // Looked for in float32.
    const origin = await findOrigin(this.setup, checkpoint.state, until, signal);
    return divergence(place, what, origin, origin === undefined && this.setup.program.precision === "float16");
  }

  private where(): Place {
    return {
      step: this.step,
      epoch: this.epoch + 1,
      learningRate: this.setup.schedule.rateAt(Math.max(0, this.step - 1)),
    };
  }
}
