import { setImmediate as yieldToEvents } from "node:timers/promises";
import { type Checkpoint, writeBestWeights } from "../checkpoint/checkpoint";
import { readModelWeights } from "../checkpoint/model-weights";
import type { RunFolder } from "../checkpoint/run-folder";
import { type DivergedError, InterruptedError } from "../shared/errors";
import { CheckpointKeeper } from "./checkpoint-keeper";
import { requireFinite } from "./divergence";
import { epochBatches } from "./epoch-batches";
import { EpochSums } from "./epoch-sums";
import { evaluateValidation } from "./evaluate-validation";
import type { Figures, TrainingEvent } from "./events";
import { type DivergedFigure, explainDivergence } from "./explain-divergence";
import type { History, HistoryEntry } from "./history";
import { isBetter, monitored } from "./monitor";
import type { TensorBoardRun } from "./tensorboard/tensorboard-run";
import type { TrainingSetup } from "./training-setup";
import { TrainingState } from "./training-state";

/** Where a run writes what it learns. */
export interface RunOutputs {
  readonly folder: RunFolder;
  readonly history: History;
  readonly tensorBoard: TensorBoardRun | undefined;
}

/** A run's course, epoch by epoch. Yields what happens; writes checkpoints; knows no terminal. */
export class TrainingLoop {
  readonly state: TrainingState;
  private readonly keeper = new CheckpointKeeper();

  constructor(private readonly setup: TrainingSetup) {
    this.state = new TrainingState(setup);
  }

  /** Whether there is a checkpoint to go on from that is further than the first weights. */
  get hasSaved(): boolean {
    return this.keeper.newest !== null;
  }

  /** Goes on from a checkpoint that is on disk. Throws RangeError when it is of another model. */
  restore(checkpoint: Checkpoint): void {
    this.state.restore(checkpoint);
    this.keeper.startFrom(this.state.position);
  }

  /**
   * Trains until the last epoch or early stopping. Throws InterruptedError, after a checkpoint, when `signal` is aborted;
   * DivergedError, the last checkpoint untouched, when the loss is not finite.
   */
  async *run(outputs: RunOutputs, signal: AbortSignal): AsyncGenerator<TrainingEvent, void, undefined> {
    const { state } = this;
    while (!state.isDone) {
      const startedAt = performance.now();
      // Other than none in an epoch that an earlier process began.
      const before = state.sums.examples;
      yield* this.trainEpoch(outputs, signal);
      const trainSeconds = (performance.now() - startedAt) / 1000;
      const examples = state.sums.examples - before;
      const validation = yield* this.validate(outputs, signal);
      const seconds = (performance.now() - startedAt) / 1000;
      const entry: HistoryEntry = {
        epoch: state.epoch + 1,
        step: state.step,
        metrics: { ...state.sums.figures(), ...validation },
        learningRate: this.setup.schedule.rateAt(state.step - 1),
        seconds,
      };
      yield* this.endEpoch(entry, examples / trainSeconds, outputs);
      if (signal.aborted && !state.isDone) throw await this.interrupt(outputs);
    }
  }

  private async *trainEpoch(outputs: RunOutputs, signal: AbortSignal): AsyncGenerator<TrainingEvent, void, undefined> {
    const { state } = this;
    const { engine, schedule, stepsPerEpoch } = this.setup;
    if (state.batch >= stepsPerEpoch) return;
    const startedAt = performance.now();
    let examples = 0;
    for await (const batch of epochBatches(this.setup, state.epoch, state.batch)) {
      const learningRate = schedule.rateAt(state.step);
      const statistics = engine.trainStep(batch, { step: state.step, learningRate });
      const isSound = Number.isFinite(statistics.lossSum + statistics.penalty);
      if (!isSound || engine.lossScale?.isExhausted) {
        const step = state.step + 1;
        const what = isSound ? "gradient" : "loss";
        throw await this.diverged(
          outputs,
          { what, place: { ...state.place, step, learningRate }, until: step },
          signal,
        );
      }
      state.countStep(statistics);
      examples += batch.count;
      yield {
        type: "step",
        epoch: state.epoch + 1,
        step: state.step,
        stepInEpoch: state.batch,
        examples: state.sums.examples,
        loss: statistics.lossSum / statistics.weight + statistics.penalty,
        metrics: state.sums.figures(),
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
    const { epoch, step, place } = this.state;
    const sums = new EpochSums(this.setup.metrics);
    for await (const total of evaluateValidation(this.setup, sums)) {
      yield { type: "validation", epoch: epoch + 1, done: sums.examples, total };
      await yieldToEvents();
      if (signal.aborted) throw await this.interrupt(outputs);
    }
    const figures = sums.figures("val_");
    // As of the weights that the last update has left: the next one would show what is wrong with them.
    if (!Number.isFinite(figures.val_loss))
      throw await this.diverged(outputs, { what: "validation loss", place, until: step + 1 }, signal);
    return figures;
  }

  private async *endEpoch(
    entry: HistoryEntry,
    examplesPerSecond: number,
    outputs: RunOutputs,
  ): AsyncGenerator<TrainingEvent, void, undefined> {
    const { state } = this;
    const { schedule, earlyStopping, engine, monitor } = this.setup;
    const { epoch, metrics } = entry;
    const value = monitored(monitor, metrics);
    const isBest = isBetter(monitor, value, state.best?.value ?? null);
    // Before the checkpoint that refers to it; what no checkpoint refers to is removed after that.
    if (isBest) state.best = { epoch, value, folder: await this.writeBest(epoch, outputs) };
    earlyStopping?.endEpoch(epoch, metrics);
    const note = schedule.endEpoch?.(epoch, metrics);
    await outputs.history.append(entry);
    await outputs.tensorBoard?.endEpoch(entry);
    state.beginEpochAfter(epoch);
    const { lossScale } = engine;
    const scaled = lossScale && { lossScale: { scale: lossScale.scale, skippedSteps: lossScale.skippedSteps } };
    yield { type: "epoch", ...entry, examplesPerSecond, isBest, ...scaled };
    if (note !== undefined) yield { type: "note", message: note };
    if (earlyStopping?.isStopped) yield { type: "note", message: earlyStopping.describeStop() };
    const { everyEpochs } = this.setup.config.train.checkpoints;
    if (epoch % everyEpochs === 0 || state.isDone) yield await this.save(outputs);
  }

  private async writeBest(epoch: number, { folder }: RunOutputs): Promise<string> {
    const { model, engine } = this.setup;
    engine.syncModel();
    const weights = readModelWeights(model);
    requireFinite(weights, this.state.place);
    return writeBestWeights(folder.checkpoints, epoch, weights);
  }

  private save({ folder }: RunOutputs): Promise<TrainingEvent> {
    return this.keeper.save(folder.checkpoints, this.state.snapshot(), this.setup.config.train.checkpoints.keepLast);
  }

  private async interrupt(outputs: RunOutputs): Promise<InterruptedError> {
    const { position } = this.state;
    if (!this.keeper.isAt(position)) await this.save(outputs);
    const { epoch, step } = position;
    return new InterruptedError(`Interrupted in epoch ${epoch + 1}, after step ${step}; nothing is lost`, {
      hint: `Go on with: dlctl train --resume ${outputs.folder.model}`,
    });
  }

  private diverged({ folder }: RunOutputs, figure: DivergedFigure, signal: AbortSignal): Promise<DivergedError> {
    const restore = (checkpoint: Checkpoint) => this.restore(checkpoint);
    return explainDivergence(this.setup, figure, { checkpoints: folder.checkpoints, restore, signal });
  }
}
