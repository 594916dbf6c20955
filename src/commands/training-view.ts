import type { Figures, TrainingEvent } from "../train/events";
import { RunForecast } from "../train/run-forecast";
import { ThinnedList } from "../train/thinned-list";
import type { CommandContext, ProgressBar, ProgressPanel } from "./context";
import { formatBytes } from "./format-figures";

type EventOf<Type extends TrainingEvent["type"]> = Extract<TrainingEvent, { type: Type }>;

/** Points of a curve that are kept: more than a terminal has room for. */
const curvePoints = 240;

/**
 * Shows training on the terminal, or as JSON lines: a bar with the curves of the losses below it, a line for each epoch, and the
 * outcome.
 */
export class TrainingView {
  private bar: ProgressBar | undefined;
  private barEpoch = 0;
  private start: EventOf<"start"> | undefined;
  private readonly forecast = new RunForecast();
  private readonly losses = new ThinnedList(curvePoints);
  private readonly validationLosses = new ThinnedList(curvePoints);
  private lastLoss = Number.NaN;
  private lastValidationLoss = Number.NaN;

  constructor(
    private readonly context: CommandContext,
    /** The model folder as the user calls it. */
    private readonly model: string,
  ) {}

  async show(event: TrainingEvent): Promise<void> {
    this.forecast.handle(event);
    switch (event.type) {
      case "start":
        return this.showStart(event);
      case "step":
        return this.showStep(event);
      case "validation":
        return this.barOf(event.epoch).update(this.examples, `validating ${event.done}/${event.total}`, this.panel);
      case "epoch":
        return this.showEpoch(event);
      case "note":
        return this.context.note(event.message);
      case "warning":
        return this.context.warn(event.message);
      case "done":
        return this.showDone(event);
      case "checkpoint":
        return undefined;
    }
  }

  /** Takes the bar away. */
  close(): void {
    this.bar?.finish();
    this.bar = undefined;
  }

  private get examples(): number {
    return this.start?.examples.train ?? 0;
  }

  private barOf(epoch: number): ProgressBar {
    if (this.bar === undefined || this.barEpoch !== epoch) {
      // The bar of the epoch before stays in sight until this one is drawn over it.
      this.bar = this.context.progress(`Epoch ${epoch}/${this.start?.epochs}`, this.examples);
      this.barEpoch = epoch;
    }
    return this.bar;
  }

  private async showStart(event: EventOf<"start">): Promise<void> {
    this.start = event;
    const { device, engine, precision, resumedFrom, examples, outputs, parameters, stepsPerEpoch, epochs, task } =
      event;
    const unit = task === "classification" || task === "tokens" ? "classes" : outputs.length === 1 ? "value" : "values";
    this.context.note(
      `${count(examples.train)} examples train, ${count(examples.validation)} validate, ${count(examples.test)} are left for testing; ` +
        `${outputs.length} ${task === "languageModel" ? "tokens" : unit}; ${count(parameters)} parameters`,
    );
    const products = precision === "float32" ? "" : `, products in ${precision}`;
    const course = `${epochs} ${epochs === 1 ? "epoch" : "epochs"} of ${count(stepsPerEpoch)} ${stepsPerEpoch === 1 ? "step" : "steps"}${products}`;
    this.context.note(
      resumedFrom ? `${course}, going on after step ${resumedFrom.step} (${resumedFrom.epoch} whole epochs)` : course,
    );
    await this.context.json({ event: "start", device, engine, precision, resumedFrom });
  }

  private showStep({ epoch, examples, loss, metrics }: EventOf<"step">): void {
    if (Number.isFinite(loss)) this.losses.add(loss);
    this.lastLoss = metrics.loss ?? Number.NaN;
    this.barOf(epoch).update(examples, formatFigures(metrics), this.panel);
  }

  private readonly panel = (): ProgressPanel => {
    const { device, engine, precision } = this.start ?? {};
    return {
      curves: [
        { name: "loss", values: this.losses.values, text: formatFigure(this.lastLoss) },
        { name: "val_loss", values: this.validationLosses.values, text: formatFigure(this.lastValidationLoss) },
      ],
      secondsLeft: this.forecast.secondsLeft,
      facts: [`${device}, ${engine}, ${precision}`, `memory ${formatBytes(process.memoryUsage.rss())}`],
    };
  };

  private async showEpoch({
    epoch,
    step,
    metrics,
    learningRate,
    seconds,
    examplesPerSecond,
    isBest,
    lossScale,
  }: EventOf<"epoch">) {
    const { val_loss } = metrics;
    if (val_loss !== undefined && Number.isFinite(val_loss)) {
      this.validationLosses.add(val_loss);
      this.lastValidationLoss = val_loss;
    }
    const epochs = String(this.start?.epochs);
    const parts = [
      `epoch ${String(epoch).padStart(epochs.length)}/${epochs}`,
      formatFigures(metrics),
      `${seconds.toFixed(1)} s`,
      `${count(examplesPerSecond)} examples/s`,
      ...(isBest ? ["best so far"] : []),
      ...(lossScale ? [describeLossScale(lossScale)] : []),
    ];
    this.context.note(parts.join("  "));
    await this.context.json({
      event: "epoch",
      epoch,
      step,
      seconds: round(seconds),
      learningRate,
      metrics: finite(metrics),
      ...(lossScale && { lossScale }),
    });
  }

  private exampleInput(): string {
    switch (this.start?.inputs) {
      case "image":
        return "<image>";
      case "text":
        return '--text "..."';
      case "tokens":
        return '--prompt "..."';
      default:
        return "<table>";
    }
  }

  private async showDone({ epochs, epoch, metrics, seconds }: EventOf<"done">): Promise<void> {
    this.close();
    const which = epoch === epochs ? `epoch ${epoch}` : `epoch ${epoch} of ${epochs}, the best`;
    this.context.print(`The model is in ${this.model}`);
    this.context.print(`  ${formatFigures(metrics)}  (${which})`);
    this.context.print("What next:");
    this.context.print(`  dlctl predict ${this.model} ${this.exampleInput()}`);
    this.context.print(`  dlctl evaluate ${this.model}`);
    const { device } = this.start ?? {};
    await this.context.json({
      event: "done",
      model: this.model,
      epochs,
      epoch,
      device,
      seconds: round(seconds),
      metrics: finite(metrics),
    });
  }
}

/** `loss scale 32768, 2 steps skipped` */
function describeLossScale({ scale, skippedSteps }: NonNullable<EventOf<"epoch">["lossScale"]>): string {
  const skipped = skippedSteps === 0 ? "" : `, ${skippedSteps} ${skippedSteps === 1 ? "step" : "steps"} skipped`;
  return `loss scale ${scale}${skipped}`;
}

/** `loss 0.4123  accuracy 0.8671` */
function formatFigures(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${formatFigure(value)}`)
    .join("  ");
}

function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return "-";
  return Math.abs(value) < 0.001 && value !== 0 ? value.toExponential(2) : value.toFixed(Math.abs(value) < 100 ? 4 : 1);
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** JSON has no NaN: a figure that is not defined is null. */
function finite(figures: Figures): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
}
