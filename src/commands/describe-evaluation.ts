import { frequentConfusions } from "../evaluate/confusion-matrix";
import type { ClassDetails, Evaluation, ValueDetails } from "../evaluate/evaluation";
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
    ...(details.kind === "classes" ? describeClasses(details) : describeValues(details)),
  ];
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

/** Four decimals, or four digits of what is smaller or larger than that shows well. */
function formatFigure(value: number): string {
  if (Number.isNaN(value)) return "not defined";
  const size = Math.abs(value);
  return size !== 0 && (size < 0.01 || size >= 1000) ? value.toPrecision(4) : value.toFixed(4);
}
