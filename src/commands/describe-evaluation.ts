import { frequentConfusions } from "../evaluate/confusion-matrix";
import type { ClassDetails, Evaluation, ForecastDetails, ValueDetails } from "../evaluate/evaluation";
import { formatTable } from "./format-table";

/** A matrix with more classes than this is wider than a terminal. */
const widestMatrix = 12;
const confusionsShown = 5;
const mistakesShown = 5;

/** An evaluation as lines for people. */
export function describeEvaluation(model: string, evaluation: Evaluation): string[] {
  const { split, examples, loss, metrics, details } = evaluation;
  const what = split === "all" ? "examples" : `${split} examples`;
  return [
    `${model} on ${examples.toLocaleString("en-US")} ${what}`,
    "",
    ...formatTable(
      ["metric", "value"],
      Object.entries({ loss, ...metrics }).map(([name, value]) => [name, formatFigure(value)]),
    ),
    "",
    ...describeDetails(details),
  ];
}

function describeDetails(details: Evaluation["details"]): string[] {
  switch (details.kind) {
    case "classes":
      return describeClasses(details);
    case "values":
      return describeValues(details);
    case "forecasts":
      return describeForecasts(details);
    case "tokens":
      return [
        `${details.tokens.toLocaleString("en-US")} tokens were predicted, each from those before it in its window`,
      ];
  }
}

function describeClasses({ labels, confusion, perClass, mistakes }: ClassDetails): string[] {
  const figures = formatTable(
    ["class", "precision", "recall", "f1", "examples"],
    perClass.map(({ label, precision, recall, f1, support }) => [
      label,
      ...[precision, recall, f1].map((figure) => figure.toFixed(4)),
      support,
    ]),
  );
  const matrix = formatTable(
    ["true \\ predicted", ...labels],
    confusion.map((row, index) => [labels[index] ?? "", ...row]),
  );
  const confusions = frequentConfusions(confusion, confusionsShown);
  return [
    ...figures,
    "",
    ...(labels.length > widestMatrix
      ? [`The confusion matrix of ${labels.length} classes is in the output of --json`]
      : matrix),
    ...(confusions.length === 0 ? [] : ["", "Most frequent confusions"]),
    ...confusions.map(
      ({ truth, predicted, count }) =>
        `  ${count.toLocaleString("en-US")} ${labels[truth]} taken for ${labels[predicted]}`,
    ),
    ...(mistakes.length === 0 ? [] : ["", "Worst mistakes"]),
    ...mistakes
      .slice(0, mistakesShown)
      .map(
        ({ origin, label, predicted, probability }) =>
          `  ${origin}: ${predicted} ${(100 * probability).toFixed(1)} %, is ${label}`,
      ),
  ];
}

function describeValues({ targets }: ValueDetails): string[] {
  return formatTable(
    ["target", "mean absolute error", "root mean squared error", "R2"],
    targets.map(({ name, mae, rmse, r2 }) => [
      name,
      formatFigure(mae),
      formatFigure(rmse),
      r2 === null ? "not defined" : formatFigure(r2),
    ]),
  );
}

/** Errors of more steps than this are shown as those of every so-manieth step. */
const mostStepsShown = 12;

function describeForecasts({ horizon, targets }: ForecastDetails): string[] {
  const every = Math.ceil(horizon / mostStepsShown);
  const isShown = (step: number) => step === 0 || (step + 1) % every === 0 || step === horizon - 1;
  const figures = (name: string, what: string, { mae, rmse }: { readonly mae: number; readonly rmse: number }) => [
    name,
    what,
    formatFigure(mae),
    formatFigure(rmse),
  ];
  const rows = targets.flatMap(({ name, mae, rmse, steps, naive }) => [
    figures(name, horizon === 1 ? "1 step ahead" : `all ${horizon} steps`, { mae, rmse }),
    ...(horizon === 1
      ? []
      : steps.flatMap((step, index) => (isShown(index) ? [figures(name, `step ${index + 1}`, step)] : []))),
    figures(name, "without a model: the last value", naive.lastValue),
    ...(naive.lastHorizon && horizon > 1
      ? [figures(name, `without a model: the last ${horizon} values again`, naive.lastHorizon)]
      : []),
  ]);
  return [
    "Errors in the data's own units",
    ...formatTable(["target", "forecast", "mean absolute error", "root mean squared error"], rows),
  ];
}

/** Four decimals, or four digits of what is smaller or larger than that shows well. */
function formatFigure(value: number): string {
  if (Number.isNaN(value)) return "not defined";
  const size = Math.abs(value);
  return size !== 0 && (size < 0.01 || size >= 1000) ? value.toPrecision(4) : value.toFixed(4);
}
