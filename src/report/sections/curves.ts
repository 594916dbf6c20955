import { type LineSeries, lineChart, type Point } from "../charts/line-chart";
import { formatFigure, formatSeconds } from "../format-number";
import type { Html } from "../html";
import type { ReportedRun } from "../reported-run";
import { grid, type Level, section } from "./section";

/** The course of training: each figure of training and validation, learning rate, and time, epoch by epoch; of several runs over each other. */
export function curvesSection(level: Level, runs: readonly ReportedRun[]): Html | undefined {
  const trained = runs.filter(({ history }) => history.length > 0);
  if (trained.length === 0) return undefined;
  const names = [...new Set(trained.flatMap(({ history }) => Object.keys(history[0]?.metrics ?? {})))];
  const figures = names.filter((name) => !name.startsWith("val_") || !names.includes(name.slice(4)));
  return section(
    level,
    "How it learned",
    grid(
      figures.map((name) => figureChart(name, runs)),
      singleChart(runs, {
        title: "Learning rate",
        label: "learning rate",
        of: ({ learningRate }) => learningRate,
        isFromZero: true,
      }),
      singleChart(runs, {
        title: "Time per epoch",
        label: "seconds",
        of: ({ seconds }) => seconds,
        note: totalTime(trained),
        isFromZero: true,
      }),
    ),
  );
}

type Entry = ReportedRun["history"][number];

function figureChart(name: string, runs: readonly ReportedRun[]): Html {
  const validation = `val_${name}`;
  const series = runs.flatMap((run, index) => {
    const prefix = runs.length > 1 ? `${letterOf(index)} ` : "";
    const colour = (kind: number) => (runs.length > 1 ? index : kind);
    const hasValidation = run.history.some(({ metrics }) => validation in metrics);
    const training = seriesOf(run, name, {
      name: `${prefix}training`,
      colour: colour(0),
      isDashed: runs.length > 1 && hasValidation,
    });
    if (!hasValidation) return [training];
    return [training, seriesOf(run, validation, { name: `${prefix}validation`, colour: colour(1) })];
  });
  const shown = series.filter(({ points }) => points.length > 0);
  return lineChart({
    title: name,
    description: shown.map(describe).join("; "),
    x: { label: "epoch", format: wholeOnly },
    y: { label: name },
    series: shown,
    note: bestNote(name, runs),
  });
}

/** The best epoch is marked in the curve of the figure that decides it, and where the saved weights are others, in no other. */
function seriesOf({ history, best }: ReportedRun, figure: string, style: Omit<LineSeries, "points">): LineSeries {
  const points = history.flatMap(({ epoch, metrics }) =>
    figure in metrics ? [{ x: epoch, y: metrics[figure] as number }] : [],
  );
  const isOfBest = best && (best.figure === figure || figure.startsWith("val_"));
  const marked = isOfBest ? points.filter(({ x }) => x === best.epoch) : [];
  return {
    ...style,
    points,
    marked: marked.map((point) => ({ ...point, label: `best epoch, ${point.x}: ${formatFigure(point.y)}` })),
  };
}

function bestNote(name: string, runs: readonly ReportedRun[]): string | undefined {
  const notes = runs.flatMap(({ best, history }, index) => {
    const figure = [`val_${name}`, name].find((candidate) => history.some(({ metrics }) => candidate in metrics));
    if (!best || figure === undefined) return [];
    const value = history[best.epoch - 1]?.metrics[figure];
    const run = runs.length > 1 ? `${letterOf(index)}: ` : "";
    const reason = figure === best.figure ? "" : ` by ${best.figure}`;
    return [`${run}best epoch${reason} ${best.epoch}, ${figure} ${formatFigure(value)}`];
  });
  return notes.length === 0 ? undefined : `Marked: ${notes.join("; ")}.`;
}

interface SingleChart {
  readonly title: string;
  readonly label: string;
  readonly of: (entry: Entry) => number;
  readonly note?: string;
  readonly isFromZero?: boolean;
}

function singleChart(runs: readonly ReportedRun[], { title, label, of, note, isFromZero = false }: SingleChart): Html {
  const series = runs.map(
    ({ history }, index): LineSeries => ({
      name: runs.length > 1 ? letterOf(index) : label,
      colour: index,
      points: history.map((entry): Point => ({ x: entry.epoch, y: of(entry) })),
    }),
  );
  return lineChart({
    title,
    description: series.map(describe).join("; "),
    x: { label: "epoch", format: wholeOnly },
    y: { label, isFromZero },
    series,
    note,
  });
}

function totalTime(runs: readonly ReportedRun[]): string {
  const totals = runs.map(({ history }) => formatSeconds(history.reduce((sum, { seconds }) => sum + seconds, 0)));
  return `All epochs: ${totals.join(", ")}; validation included.`;
}

/** `training from 0.93 to 0.26 in 15 epochs`. */
function describe({ name, points }: LineSeries): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return `${name}: nothing`;
  return `${name} from ${formatFigure(first.y)} in epoch ${first.x} to ${formatFigure(last.y)} in epoch ${last.x}`;
}

/** Runs are called A, B, C; there are never more than a few. */
export const letterOf = (index: number): string => String.fromCharCode(65 + index);

const wholeOnly = (value: number): string => (Number.isInteger(value) ? String(value) : "");
