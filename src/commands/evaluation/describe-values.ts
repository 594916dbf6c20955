import type { Confidence } from "../../evaluate/confidence";
import type { ValueDetails } from "../../evaluate/evaluation";
import { formatTable } from "../format-table";
import { formatFigure, formatInterval } from "./format-figure";
import { listExamples } from "./list-examples";
import { nameExample } from "./show-input";

/** Each of more targets gets one line, without intervals. */
const mostInFull = 6;
const examplesShown = 5;
const figures = { mae: "mean absolute error", rmse: "root mean squared error", r2: "R2" } as const;
const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95];

/** How far a model's values are off, and where the most. */
export function describeValues(details: ValueDetails, confidence: Confidence | null): string[] {
  return [
    ...(details.targets.length > mostInFull ? inShort(details) : inFull(details, confidence)),
    "",
    ...residuals(details),
    ...worst(details),
  ];
}

function inShort({ targets }: ValueDetails): string[] {
  return formatTable(
    ["target", ...Object.values(figures)],
    targets.map(({ name, mae, rmse, r2 }) => [name, formatFigure(mae), formatFigure(rmse), formatFigure(r2)]),
  );
}

function inFull({ targets }: ValueDetails, confidence: Confidence | null): string[] {
  const rows = targets.flatMap((target) =>
    (["mae", "rmse", "r2"] as const).map((figure) => {
      const interval = confidence?.figures.find((each) => each.figure === figure && each.target === target.name);
      return [target.name, figures[figure], formatFigure(target[figure]), formatInterval(interval)];
    }),
  );
  return formatTable(["target", "figure", "value", ...(confidence ? ["95 % interval"] : [])], rows);
}

function residuals({ targets }: ValueDetails): string[] {
  const rows = targets.map(({ name, residuals }) => [
    name,
    formatFigure(residuals.mean),
    ...quantiles.map((wanted) => formatFigure(residuals.quantiles.find(({ at }) => at === wanted)?.value ?? null)),
  ]);
  return formatTable(["truth - predicted", "mean", "5 %", "25 %", "median", "75 %", "95 %"], rows);
}

function worst({ worst }: ValueDetails): string[] {
  if (worst.length === 0) return [];
  const rows = worst
    .slice(0, examplesShown)
    .map((each) => [each.target, formatFigure(each.predicted), formatFigure(each.truth), nameExample(each)]);
  return ["", ...listExamples(["worst", "predicted", "is", "example"], rows)];
}
