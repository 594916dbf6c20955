import type { ClassDetails } from "../../evaluate/evaluation";
import { formatTable } from "../format-table";
import { formatPercent } from "./format-figure";
import { listExamples } from "./list-examples";
import { nameExample } from "./show-input";

/** A matrix that is wider, with its classes' names above the columns, has their numbers there. */
const narrow = 80;
/** One with more classes is wider than a terminal even so. */
const mostInMatrix = 16;
/** Of more classes only the worst are shown. */
const mostClasses = 30;
const confusionsShown = 5;
const examplesShown = 5;

/** Figures of classes beside those that the config asks for. */
export function classFigureRows({ averages, ranking, calibration }: ClassDetails): [string, number | null][] {
  return [
    ["balancedAccuracy", averages.balancedAccuracy],
    ["macroF1", averages.macro.f1],
    ["matthewsCorrelation", averages.matthewsCorrelation],
    ...(ranking ? ([["rocArea", ranking.rocArea]] satisfies [string, number | null][]) : []),
    ...(ranking ? ([["averagePrecision", ranking.averagePrecision]] satisfies [string, number | null][]) : []),
    ...(calibration
      ? ([["expectedCalibrationError", calibration.expectedCalibrationError]] satisfies [string, number][])
      : []),
  ];
}

/** A classifier's classes, their confusions, and the examples that are worth a look. */
export function describeClasses(details: ClassDetails): string[] {
  return [
    ...perClass(details),
    "",
    ...matrix(details),
    ...confusions(details),
    ...mistakes(details),
    ...uncertain(details),
  ];
}

function perClass({ perClass }: ClassDetails): string[] {
  const isLong = perClass.length > mostClasses;
  const shown = isLong
    ? perClass
        .filter(({ support }) => support > 0)
        .sort((a, b) => a.f1 - b.f1)
        .slice(0, mostClasses)
    : perClass;
  const table = formatTable(
    ["class", "precision", "recall", "f1", "examples"],
    shown.map(({ label, precision, recall, f1, support }) => [
      label,
      ...[precision, recall, f1].map((figure) => figure.toFixed(4)),
      support,
    ]),
  );
  const note = `The ${shown.length} of ${perClass.length} classes with the lowest F1; all are in the output of --json`;
  return isLong ? [note, "", ...table] : table;
}

function matrix({ labels, confusion }: ClassDetails): string[] {
  if (labels.length > mostInMatrix) {
    return [`The confusion matrix of ${labels.length} classes is in the output of --json`];
  }
  const named = formatTable(
    ["true \\ predicted", ...labels],
    confusion.map((row, index) => [labels[index] ?? "", ...row]),
  );
  if ((named[1]?.length ?? 0) <= narrow) return named;
  return formatTable(
    ["true \\ predicted", ...labels.map((_, index) => String(index + 1))],
    confusion.map((row, index) => [`${index + 1} ${labels[index]}`, ...row]),
  );
}

function confusions({ topConfusions }: ClassDetails): string[] {
  if (topConfusions.length === 0) return [];
  return [
    "",
    "Most frequent confusions",
    ...topConfusions
      .slice(0, confusionsShown)
      .map(
        ({ count, share, label, predicted }) =>
          `  ${count.toLocaleString("en-US")} ${label} taken for ${predicted} (${formatPercent(share)} of them)`,
      ),
  ];
}

function mistakes({ mistakes }: ClassDetails): string[] {
  if (mistakes.length === 0) return [];
  const rows = mistakes
    .slice(0, examplesShown)
    .map((mistake) => [
      `${mistake.predicted} ${formatPercent(mistake.probability)}`,
      `${mistake.label} ${formatPercent(mistake.truthProbability)}`,
      nameExample(mistake),
    ]);
  return ["", ...listExamples(["worst mistakes", "is", "example"], rows)];
}

function uncertain({ uncertain }: ClassDetails): string[] {
  if (uncertain.length === 0) return [];
  const rows = uncertain
    .slice(0, examplesShown)
    .map((each) => [
      `${each.predicted} ${formatPercent(each.probability)}`,
      `${each.second} ${formatPercent(each.secondProbability)}`,
      each.label,
      nameExample(each),
    ]);
  return ["", ...listExamples(["most uncertain", "or", "is", "example"], rows)];
}
