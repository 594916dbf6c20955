import { dataTable } from "../data-table";
import { formatCount, formatFigure } from "../format-number";
import { type Html, html } from "../html";
import type { ReportedEvaluation } from "../reported-run";
import { classesContent } from "./classes";
import { figuresOf } from "./figures-of";
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
  const { details } = evaluation;
  switch (details.kind) {
    case "classes":
      return classesContent(level, details, evaluation);
    case "values":
      return valuesContent(level, details, evaluation);
    case "forecasts":
      return forecastsContent(level, details, evaluation);
    case "tokens":
      return tokensContent(level, details);
  }
}

function figuresTable(evaluation: ReportedEvaluation): Html {
  const { confidence } = evaluation;
  const figures = figuresOf(evaluation);
  const hasIntervals = figures.some(({ interval }) => interval !== undefined);
  const head = ["figure", "value", ...(hasIntervals && confidence ? [`${100 * confidence.level} % interval`] : [])];
  const rows = figures.map(({ name, value, interval = "" }) =>
    [name, formatFigure(value), interval].slice(0, head.length),
  );
  return html`${dataTable({ caption: "Figures", head, rows })}${
    confidence &&
    html`<p class="note">Intervals: percentile bootstrap, ${formatCount(confidence.resamples)} resamples of ${formatCount(confidence.units)} ${confidence.unit === "example" ? "examples" : `units (${confidence.unit})`}, seed ${confidence.seed}. They say how much a figure depends on which examples were measured, not on the chance in training.</p>`
  }`;
}
