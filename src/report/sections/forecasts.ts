import type { ForecastDetails, ForecastSample, TargetForecast } from "../../evaluate/evaluation";
import { type LineSeries, lineChart } from "../charts/line-chart";
import { dataTable } from "../data-table";
import { formatFigure } from "../format-number";
import { type Content, type Html, html } from "../html";
import type { Reasons } from "../reasons/reason";
import { worstForecasts } from "../reasons/worst-forecasts";
import type { ReportedEvaluation } from "../reported-run";
import { gallery } from "./gallery";
import { reasonsNote } from "./reason";
import { grid, heading, type Level } from "./section";

const mostTargets = 6;
/** Of the window before a forecast: what is longer ago says little. */
const mostBefore = 96;

/** Forecasts: the error by step ahead, beside forecasts without a model, and some forecasts against what came. */
export function forecastsContent(
  level: Level,
  details: ForecastDetails,
  { reasons }: Pick<ReportedEvaluation, "reasons">,
): Content {
  const { targets, horizon } = details;
  const below = Math.min(4, level + 1) as Level;
  const shown = targets.slice(0, mostTargets);
  const samples = shown.flatMap((target) => (target.samples ?? []).map((sample) => sampleChart(target.name, sample)));
  return [
    comparison(targets),
    horizon > 1 && grid(shown.map(errorBySteps)),
    targets.length > mostTargets &&
      html`<p class="note">Charts of the first ${mostTargets} of ${targets.length} targets.</p>`,
    samples.length > 0 && [heading(below, "Forecasts and what came"), grid(samples)],
    reasons && worstContent(below, details, reasons),
  ];
}

/** Of each target's worst forecast: what its worst step hung on. */
function worstContent(level: Level, details: ForecastDetails, reasons: Reasons): Content {
  const worst = worstForecasts(details).flatMap((forecast, index) => {
    const reason = reasons.list[index];
    return reason ? [{ ...forecast, reason }] : [];
  });
  if (worst.length === 0) return reasonsNote(reasons);
  const items = worst.map(({ origin, example, output, predictedThen, truthThen }) => ({
    origin,
    example,
    input: null,
    says: [`${output}: forecast ${formatFigure(predictedThen)}`, `came ${formatFigure(truthThen)}`],
  }));
  const list = worst.map(({ reason }) => reason);
  return [heading(level, "What the worst forecasts hung on"), reasonsNote(reasons), gallery(items, new Map(), list)];
}

function comparison(targets: ForecastDetails["targets"]): Html {
  return dataTable({
    caption: "Errors in the data's units",
    head: ["forecast", "mean absolute", "root mean squared", "bias"],
    rows: targets.flatMap(({ name, mae, rmse, bias, naive: { lastValue, lastHorizon } }) => [
      [`${name}, by the model`, formatFigure(mae), formatFigure(rmse), formatFigure(bias)],
      [`${name}, last value again`, formatFigure(lastValue.mae), formatFigure(lastValue.rmse), ""],
      ...(lastHorizon
        ? [[`${name}, last steps again`, formatFigure(lastHorizon.mae), formatFigure(lastHorizon.rmse), ""]]
        : []),
    ]),
  });
}

function errorBySteps({ name, steps, naive }: TargetForecast): Html {
  const points = steps.map(({ mae }, index) => ({ x: index + 1, y: mae }));
  const [first, last] = [points[0], points.at(-1)];
  return lineChart({
    title: `Error of ${name} by step ahead`,
    description: `Mean absolute error from ${formatFigure(first?.y)} for the next step to ${formatFigure(last?.y)} for step ${last?.x}.`,
    x: { label: "steps ahead", format: (value) => (Number.isInteger(value) ? String(value) : "") },
    y: { label: "mean absolute error", isFromZero: true },
    series: [{ name: "model", colour: 0, points }],
    reference: [
      { x: 1, y: naive.lastValue.mae },
      { x: steps.length, y: naive.lastValue.mae },
    ],
    note: `Dotted: the last value as forecast, mean over all steps, ${formatFigure(naive.lastValue.mae)}.`,
  });
}

function sampleChart(target: string, { origin, isWorst, mae, before, truth, predicted }: ForecastSample): Html {
  const past = before.slice(-mostBefore);
  const ahead = (values: readonly number[]) => [
    ...past.slice(-1).map((y) => ({ x: 0, y })),
    ...values.map((y, index) => ({ x: index + 1, y })),
  ];
  const series: LineSeries[] = [
    { name: "before", colour: 3, points: past.map((y, index) => ({ x: index - past.length + 1, y })) },
    { name: "came", colour: 1, points: ahead(truth), isDashed: true },
    { name: "forecast", colour: 0, points: ahead(predicted) },
  ];
  return lineChart({
    title: `${isWorst ? "Worst: " : ""}${target}, ${origin}`,
    description: `Mean absolute error ${formatFigure(mae)} over ${truth.length} steps.`,
    x: { label: "steps from the last one seen" },
    y: { label: target },
    series,
    note: `Mean absolute error ${formatFigure(mae)}.`,
  });
}
