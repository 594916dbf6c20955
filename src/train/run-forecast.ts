import type { TrainingEvent } from "./events";

/** Where a run stands, and how long it will take. */
export class RunForecast {
  private epochs = 0;
  private stepsPerEpoch = 0;
  private epochsDone = 0;
  private stepInEpoch = 0;
  private epochStartedAt: number;
  private stepsBefore = 0;
  /** Of whole epochs that this process has trained, the newest last. */
  private readonly seconds: number[] = [];
  private rate: number | undefined;

  /** `clock` gives seconds. */
  constructor(private readonly clock: () => number = () => performance.now() / 1000) {
    this.epochStartedAt = clock();
  }

  handle(event: TrainingEvent): void {
    switch (event.type) {
      case "start":
        this.epochs = event.epochs;
        this.stepsPerEpoch = event.stepsPerEpoch;
        this.epochsDone = event.resumedFrom?.epoch ?? 0;
        // An epoch that an earlier process began is not a whole one.
        this.stepsBefore = (event.resumedFrom?.step ?? 0) - this.epochsDone * event.stepsPerEpoch;
        this.stepInEpoch = this.stepsBefore;
        this.epochStartedAt = this.clock();
        break;
      case "step":
        this.stepInEpoch = event.stepInEpoch;
        this.rate = event.examplesPerSecond;
        break;
      case "epoch":
        if (this.stepsBefore === 0) this.seconds.push(this.clock() - this.epochStartedAt);
        if (this.seconds.length > recentEpochs) this.seconds.shift();
        this.epochsDone = event.epoch;
        this.stepInEpoch = 0;
        this.stepsBefore = 0;
        this.epochStartedAt = this.clock();
        break;
      case "done":
        this.epochsDone = this.epochs;
        this.stepInEpoch = 0;
        break;
      default:
    }
  }

  /** Training examples a second, in the epoch so far; undefined before the first step. */
  get examplesPerSecond(): number | undefined {
    return this.rate;
  }

  /** Of all steps of the run, those that are done: 0 to 1. */
  get fraction(): number {
    const all = this.epochs * this.stepsPerEpoch;
    return all === 0 ? 0 : Math.min(1, (this.epochsDone * this.stepsPerEpoch + this.stepInEpoch) / all);
  }

  /**
   * Seconds until the last epoch is done, if none stops it early: by the mean of the last whole epochs, before there is one by the steps
   * of this one. Undefined before anything can be said.
   */
  get secondsLeft(): number | undefined {
    if (this.epochs === 0) return undefined;
    const elapsed = this.clock() - this.epochStartedAt;
    if (this.seconds.length > 0) {
      const mean = this.seconds.reduce((total, seconds) => total + seconds, 0) / this.seconds.length;
      return Math.max(0, (this.epochs - this.epochsDone) * mean - elapsed);
    }
    const steps = this.stepInEpoch - this.stepsBefore;
    const left = this.epochs * this.stepsPerEpoch - this.epochsDone * this.stepsPerEpoch - this.stepInEpoch;
    return steps < 1 || elapsed < 0.5 ? undefined : (left * elapsed) / steps;
  }
}

const recentEpochs = 5;
