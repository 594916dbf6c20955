import type { ValueDetails } from "../../evaluate/evaluation";
import type { RegressionFigures } from "../../evaluate/regression-figures";
import { histogramChart } from "../charts/histogram-chart";
import { scatterChart } from "../charts/scatter-chart";
import { dataTable } from "../data-table";
import { formatFigure } from "../format-number";
import { type Content, type Html, html } from "../html";
import type { ReportedEvaluation } from "../reported-run";
import { gallery } from "./gallery";
import { reasonsNote } from "./reason";
import { grid, heading, type Level } from "./section";

/** Charts of more targets are left out. */
const mostTargets = 6;

/** Values: how far off they are, in what way, and where most. */
export function valuesContent(
  level: Level,
  { targets, worst = [] }: ValueDetails,
  { pictures, reasons }: Pick<ReportedEvaluation, "pictures" | "reasons">,
): Content {
  const below = Math.min(4, level + 1) as Level;
  const items = worst.map((each) => ({
    ...each,
    says: [`${each.target}: predicted ${formatFigure(each.predicted)}`, `is ${formatFigure(each.truth)}`],
  }));
  return [
    figuresTable(targets),
    grid(targets.slice(0, mostTargets).flatMap(residualCharts)),
    targets.length > mostTargets &&
      html`<p class="note">Charts of the first ${mostTargets} of ${targets.length} targets.</p>`,
    items.length > 0 && [heading(below, "Farthest off"), reasonsNote(reasons), gallery(items, pictures, reasons?.list)],
  ];
}

function figuresTable(targets: ValueDetails["targets"]): Html {
  return dataTable({
    caption: "Errors, in the targets' units",
    head: ["target", "mean absolute", "root mean squared", "R²", "mean residual", "median residual"],
    rows: targets.map(({ name, mae, rmse, r2, residuals }) => [
      name,
      formatFigure(mae),
      formatFigure(rmse),
      formatFigure(r2),
      formatFigure(residuals?.mean),
      formatFigure(residuals?.quantiles.find(({ at }) => at === 0.5)?.value),
    ]),
  });
}

function residualCharts({ name, residuals }: RegressionFigures): Html[] {
  if (!residuals) return [];
  const { histogram, points, mean, standardDeviation } = residuals;
  return [
    histogramChart({
      title: `Residuals of ${name}`,
      description: `Truth minus prediction: mean ${formatFigure(mean)}, standard deviation ${formatFigure(standardDeviation)}.`,
      label: "truth minus prediction",
      unit: "examples",
      edges: histogram.edges,
      counts: histogram.counts,
    }),
    scatterChart({
      title: `Residuals of ${name} by prediction`,
      description:
        "Dots around the dotted line at 0 without a shape of their own: the model has found what there is to find.",
      xLabel: "predicted",
      yLabel: "truth minus prediction",
      points,
      level: 0,
    }),
  ];
}
