import { dataTable } from "../data-table";
import { formatCount, formatFigure } from "../format-number";
import { type Html, html } from "../html";
import type { ReportedEvaluation } from "../reported-run";
import { classesContent } from "./classes";
import { forecastsContent } from "./forecasts";
import { type Level, section } from "./section";
import { tokensContent } from "./tokens";
import { valuesContent } from "./values";

/** What the model does on examples whose truth is known: figures, and what the task has to show. */
export function evaluationSection(level: Level, evaluation: ReportedEvaluation): Html | undefined {
  const { split, examples, warnings } = evaluation;
  const which = split === "all" ? "examples" : `${split} examples`;
  return section(
    level,
    `On ${formatCount(examples)} ${which}`,
    warnings.map((warning) => html`<p class="warning">${warning}</p>`),
    figuresTable(evaluation),
    content(level, evaluation),
  );
}

function content(level: Level, evaluation: ReportedEvaluation) {
  const { details, pictures } = evaluation;
  switch (details.kind) {
    case "classes":
      return classesContent(level, details, pictures);
    case "values":
      return valuesContent(level, details, pictures);
    case "forecasts":
      return forecastsContent(level, details);
    case "tokens":
      return tokensContent(level, details);
  }
}

function figuresTable({ loss, metrics, confidence }: ReportedEvaluation): Html {
  const intervals = confidence?.figures ?? [];
  const rows = Object.entries({ loss, ...metrics }).map(([name, value]) => {
    const interval = intervals.find(({ figure, target }) => figure === name && target === null);
    return [name, formatFigure(value), interval ? between(interval) : ""];
  });
  const more = intervals
    .filter(({ figure, target }) => target !== null || !(figure in metrics))
    .map((interval) => [
      interval.target === null ? interval.figure : `${interval.figure} of ${interval.target}`,
      formatFigure(interval.value),
      between(interval),
    ]);
  const level = confidence ? `${formatFigure(100 * confidence.level)} % interval` : "";
  const hasIntervals = intervals.length > 0;
  const table = dataTable({
    caption: "Figures",
    head: hasIntervals ? ["figure", "value", level] : ["figure", "value"],
    rows: [...rows, ...more].map((row) => (hasIntervals ? row : row.slice(0, 2))),
  });
  const origin =
    confidence &&
    html`<p class="note">Intervals: percentile bootstrap, ${formatCount(confidence.resamples)} resamples of ${formatCount(confidence.units)} ${confidence.unit === "example" ? "examples" : `units (${confidence.unit})`}, seed ${confidence.seed}. They say how much the figure depends on which examples were measured, not on the training's chance.</p>`;
  return html`${table}${origin}`;
}

export const between = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `${formatFigure(low)} to ${formatFigure(high)}`;
