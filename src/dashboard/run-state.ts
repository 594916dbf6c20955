import type { TrainingEvent } from "../train/events";
import { RunForecast } from "../train/run-forecast";
import { ThinnedList } from "../train/thinned-list";

/** A line of the page's log. */
interface LogLine {
  readonly kind: "note" | "warning";
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** How a run goes, as long as it has been watched: what a page needs that opens now. Plain data for JSON, which has no NaN. */
export interface RunPicture {
  readonly model: string;
  readonly state: "preparing" | "training" | "done" | "ended";
  readonly device: string | null;
  readonly engine: string | null;
  readonly parameters: number | null;
  readonly examples: { readonly train: number; readonly validation: number } | null;
  readonly epoch: number;
  readonly epochs: number;
  readonly fraction: number;
  readonly secondsLeft: number | null;
  readonly examplesPerSecond: number | null;
  readonly learningRate: number | null;
  /** Of this process. */
  readonly memoryBytes: number;
  /** Means over the epoch so far. */
  readonly figures: Readonly<Record<string, number | null>>;
  /** Losses of the steps, thinned to a bounded number of means over `stepsPerPoint`, the first of which follows update `firstStep`. */
  readonly steps: { readonly firstStep: number; readonly stepsPerPoint: number; readonly losses: readonly number[] };
  readonly history: readonly {
    readonly epoch: number;
    readonly step: number;
    readonly seconds: number;
    readonly learningRate: number;
    readonly isBest: boolean;
    readonly metrics: Readonly<Record<string, number | null>>;
  }[];
  readonly log: readonly LogLine[];
}

const stepPoints = 600;
const epochsKept = 2000;
const logLines = 200;

/** Collects a run's events into the picture of it. */
export class RunState {
  private readonly forecast = new RunForecast();
  private readonly losses = new ThinnedList(stepPoints);
  private readonly history: RunPicture["history"][number][] = [];
  private readonly log: LogLine[] = [];
  private state: RunPicture["state"] = "preparing";
  private start: Extract<TrainingEvent, { type: "start" }> | undefined;
  private epoch = 0;
  private learningRate: number | null = null;
  private figures: RunPicture["figures"] = {};

  constructor(private readonly model: string) {}

  handle(event: TrainingEvent): void {
    this.forecast.handle(event);
    switch (event.type) {
      case "start":
        this.start = event;
        this.state = "training";
        this.epoch = event.resumedFrom?.epoch ?? 0;
        break;
      case "step":
        if (Number.isFinite(event.loss)) this.losses.add(event.loss);
        this.epoch = event.epoch;
        this.learningRate = event.learningRate;
        this.figures = finite(event.metrics);
        break;
      case "epoch": {
        const { epoch, step, seconds, learningRate, isBest, metrics } = event;
        this.figures = finite(metrics);
        this.history.push({ epoch, step, seconds, learningRate, isBest, metrics: this.figures });
        if (this.history.length > epochsKept) this.history.shift();
        break;
      }
      case "note":
      case "warning":
        this.addLine(event.type, event.message);
        break;
      case "done":
        this.state = "done";
        this.figures = finite(event.metrics);
        this.addLine("note", `The model is in ${this.model}, as of epoch ${event.epoch}`);
        break;
      default:
    }
  }

  /** The run is over, whether it is done or not; `reason` says why it is not. */
  end(reason: string | undefined): void {
    if (reason !== undefined) this.addLine("warning", reason);
    if (this.state !== "done") this.state = "ended";
  }

  get picture(): RunPicture {
    const { start, forecast } = this;
    return {
      model: this.model,
      state: this.state,
      device: start?.device ?? null,
      engine: start?.engine ?? null,
      parameters: start?.parameters ?? null,
      examples: start ? { train: start.examples.train, validation: start.examples.validation } : null,
      epoch: this.epoch,
      epochs: start?.epochs ?? 0,
      fraction: forecast.fraction,
      secondsLeft: this.state === "training" ? (forecast.secondsLeft ?? null) : null,
      examplesPerSecond: forecast.examplesPerSecond ?? null,
      learningRate: this.learningRate,
      memoryBytes: process.memoryUsage.rss(),
      figures: this.figures,
      steps: {
        firstStep: start?.resumedFrom?.step ?? 0,
        stepsPerPoint: this.losses.valuesPerPoint,
        losses: this.losses.values,
      },
      history: this.history,
      log: this.log,
    };
  }

  private addLine(kind: LogLine["kind"], text: string): void {
    this.log.push({ kind, text, time: Date.now() });
    if (this.log.length > logLines) this.log.shift();
  }
}

function finite(figures: Readonly<Record<string, number>>): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
}
