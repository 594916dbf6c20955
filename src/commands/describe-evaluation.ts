import type { Confidence } from "../evaluate/confidence";
import type { Evaluation } from "../evaluate/evaluation";
import { classFigureRows, describeClasses } from "./evaluation/describe-classes";
import { describeForecasts } from "./evaluation/describe-forecasts";
import { describeTokens, tokenFigureRows } from "./evaluation/describe-tokens";
import { describeValues } from "./evaluation/describe-values";
import { formatFigure, formatInterval, formatPercent } from "./evaluation/format-figure";
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
    "",
    ...describeConfidence(evaluation),
  ];
}

function figures({ loss, metrics, details, confidence }: Evaluation): string[] {
  const named: [string, number | null][] = [
    ...Object.entries({ loss, ...metrics }),
    ...(details.kind === "classes" ? classFigureRows(details) : []),
    ...(details.kind === "tokens" ? tokenFigureRows(details) : []),
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

function describeConfidence({ confidence, details, examples }: Evaluation): string[] {
  if (!confidence) {
    const needed = details.kind === "forecasts" ? "10 blocks of windows, each twice the horizon long" : "10 examples";
    return [`No intervals: there are fewer than ${needed}`];
  }
  const { resamples, units, unit, seed, level } = confidence;
  const plural = unit.replace(/^\w+/, "$&s");
  const origin = `Intervals: ${count(resamples)} resamples of ${count(units)} ${plural}, seed ${seed}`;
  if (unit !== "example" || details.kind !== "classes" || details.mistakes.length > 0) return [origin];
  // No resample has a mistake either; Clopper and Pearson's interval for none of so many.
  const most = 1 - (1 - level) ** (1 / examples);
  return [`No mistake among ${count(examples)}: of all there may be up to ${formatPercent(most)} (95 % sure)`, origin];
}

const count = (value: number): string => value.toLocaleString("en-US");
