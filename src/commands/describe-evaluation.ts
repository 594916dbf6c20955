import type { Confidence } from "../evaluate/confidence";
import type { Evaluation } from "../evaluate/evaluation";
import { classFigureRows, describeClasses } from "./evaluation/describe-classes";
import { describeForecasts } from "./evaluation/describe-forecasts";
import { describeTokens } from "./evaluation/describe-tokens";
import { describeValues } from "./evaluation/describe-values";
import { formatFigure, formatInterval } from "./evaluation/format-figure";
import { formatTable } from "./format-table";

/** An evaluation as lines for people. */
export function describeEvaluation(model: string, evaluation: Evaluation): string[] {
  const { split, examples, details, confidence } = evaluation;
  const what = split === "all" ? "examples" : `${split} examples`;
  return [
    `${model} on ${examples.toLocaleString("en-US")} ${what}`,
    "",
    ...figures(evaluation),
    "",
    ...describeDetails(details, confidence),
    ...(confidence ? ["", describeConfidence(confidence)] : []),
  ];
}

function figures({ loss, metrics, details, confidence }: Evaluation): string[] {
  const named: [string, number | null][] = [
    ...Object.entries({ loss, ...metrics }),
    ...(details.kind === "classes" ? classFigureRows(details) : []),
    ...(details.kind === "tokens" ? ([["accuracy", details.accuracy]] satisfies [string, number][]) : []),
  ];
  const intervalOf = (name: string) =>
    formatInterval(confidence?.figures.find(({ figure, target }) => figure === name && target === null));
  const rows = [...new Map(named)].map(([name, value]) => [name, formatFigure(value), intervalOf(name)]);
  return rows.some(([, , interval]) => interval !== "")
    ? formatTable(["metric", "value", "95 % interval"], rows)
    : formatTable(
        ["metric", "value"],
        rows.map((row) => row.slice(0, 2)),
      );
}

function describeDetails(details: Evaluation["details"], confidence: Confidence | null): string[] {
  switch (details.kind) {
    case "classes":
      return describeClasses(details);
    case "values":
      return describeValues(details, confidence);
    case "forecasts":
      return describeForecasts(details, confidence);
    case "tokens":
      return describeTokens(details);
  }
}

function describeConfidence({ resamples, units, unit, seed }: Confidence): string {
  const plural = unit.replace(/^\w+/, "$&s");
  return `Intervals: ${count(resamples)} resamples of ${count(units)} ${plural}, seed ${seed}`;
}

const count = (value: number): string => value.toLocaleString("en-US");
