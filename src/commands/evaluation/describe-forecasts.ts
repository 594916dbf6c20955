import type { Confidence } from "../../evaluate/confidence";
import type { ErrorFigures } from "../../evaluate/error-sums";
import type { ForecastDetails } from "../../evaluate/evaluation";
import { formatTable } from "../format-table";
import { formatFigure, formatInterval } from "./format-figure";

/** Errors of more steps than this are shown as those of every so-manieth step. */
const mostStepsShown = 12;

/** Errors of forecasts over all steps and by step, beside those of forecasts without a model. */
export function describeForecasts({ horizon, targets }: ForecastDetails, confidence: Confidence | null): string[] {
  const every = Math.ceil(horizon / mostStepsShown);
  const isShown = (step: number) => step === 0 || (step + 1) % every === 0 || step === horizon - 1;
  const intervalOf = (name: string) =>
    formatInterval(confidence?.figures.find(({ figure, target }) => figure === "mae" && target === name));
  const row = (name: string, what: string, { mae, rmse }: ErrorFigures, interval = "") => [
    name,
    what,
    formatFigure(rmse),
    formatFigure(mae),
    interval,
  ];
  const rows = targets.flatMap(({ name, mae, rmse, steps, naive }) => [
    row(name, horizon === 1 ? "1 step ahead" : `all ${horizon} steps`, { mae, rmse }, intervalOf(name)),
    ...(horizon === 1
      ? []
      : steps.flatMap((step, index) => (isShown(index) ? [row(name, `step ${index + 1}`, step)] : []))),
    row(name, "no model: the last value", naive.lastValue),
    ...(naive.lastHorizon && horizon > 1
      ? [row(name, `no model: the last ${horizon} values again`, naive.lastHorizon)]
      : []),
  ]);
  const head = ["target", "forecast", "rmse", "mae", ...(confidence ? ["95 % interval"] : [])];
  const worst = targets.flatMap(({ name, samples }) =>
    samples
      .filter(({ isWorst }) => isWorst)
      .map(({ origin, mae }) => `  ${name}: ${origin}, mean absolute error ${formatFigure(mae)}`),
  );
  return [
    "Root mean squared and mean absolute errors, in the data's own units",
    ...formatTable(
      head,
      rows.map((cells) => cells.slice(0, head.length)),
    ),
    "",
    "Worst forecast, from the window of",
    ...worst,
  ];
}
