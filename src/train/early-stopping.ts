import type { CheckpointState } from "../checkpoint/checkpoint-state";
import type { Figures } from "./events";
import { isBetter, type Monitor, monitored } from "./monitor";

type State = NonNullable<CheckpointState["earlyStopping"]>;

interface Options {
  readonly patience: number;
  readonly minDelta: number;
  /** Epochs before this one, counted from 1, are not watched. */
  readonly startEpoch?: number | undefined;
}

/** Stops a run whose monitored figure has not become better for `patience` epochs, by Keras's rule. */
export class EarlyStopping {
  private current: State = { best: null, wait: 0, isStopped: false };

  constructor(
    readonly monitor: Monitor,
    private readonly options: Options,
  ) {}

  get state(): State {
    return this.current;
  }

  restore(state: State): void {
    this.current = state;
  }

  get isStopped(): boolean {
    return this.current.isStopped;
  }

  /** Told after each epoch, from 1. */
  endEpoch(epoch: number, figures: Figures): void {
    const { patience, minDelta, startEpoch = 1 } = this.options;
    if (epoch < startEpoch) return;
    const value = monitored(this.monitor, figures);
    if (isBetter(this.monitor, value, this.current.best, minDelta)) {
      this.current = { best: value, wait: 0, isStopped: false };
      return;
    }
    const wait = this.current.wait + 1;
    this.current = { ...this.current, wait, isStopped: wait >= patience };
  }

  /** Why it stopped, for people. */
  describeStop(): string {
    const { best } = this.current;
    const figure = best === null ? "" : `; the best was ${Number(best.toPrecision(4))}`;
    return `stopped early: ${this.monitor.name} has not become better for ${this.options.patience} epochs${figure}`;
  }
}
