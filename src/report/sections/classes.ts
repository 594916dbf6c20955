import type { ClassDetails } from "../../evaluate/evaluation";
import { barChart } from "../charts/bar-chart";
import { heatMap } from "../charts/heat-map";
import { dataTable } from "../data-table";
import { formatCount, formatFigure } from "../format-number";
import { type Content, html } from "../html";
import type { ReportedEvaluation } from "../reported-run";
import { calibrationChart } from "./calibration";
import { type GalleryItem, gallery } from "./gallery";
import { rankingCharts } from "./ranking";
import { reasonsNote } from "./reason";
import { grid, heading, type Level } from "./section";

/** Classes: who is taken for whom, figures of each class, how far the probabilities can be trusted, and the examples to look at. */
export function classesContent(
  level: Level,
  details: ClassDetails,
  { pictures, reasons }: Pick<ReportedEvaluation, "pictures" | "reasons">,
): Content {
  const { labels, confusion, perClass, topConfusions = [], ranking, calibration, mistakes, uncertain = [] } = details;
  const below = Math.min(4, level + 1) as Level;
  const weakest = [...perClass].filter(({ support }) => support > 0).sort((a, b) => a.f1 - b.f1)[0];
  return [
    grid(
      heatMap({
        title: "Confusion matrix",
        description: `Rows are the true classes, columns the predicted ones. ${describeConfusions(details)}`,
        labels,
        counts: confusion,
        rowLabel: "true",
        columnLabel: "predicted",
        note: "A cell's shade is its part of its row.",
      }),
      barChart({
        title: "F1 of each class",
        description: weakest ? `Lowest: ${weakest.label}, ${formatFigure(weakest.f1)}.` : "No class has examples.",
        label: "class",
        categories: perClass.map(({ label }) => label),
        series: [{ name: "F1", colour: 0, values: perClass.map(({ f1, support }) => (support > 0 ? f1 : null)) }],
        most: 1,
      }),
      ranking && rankingCharts(ranking),
      calibration && calibrationChart(calibration),
    ),
    html`<details><summary>Precision, recall and F1 of each class</summary>${perClassTable(details)}</details>`,
    topConfusions.length > 0 && [heading(below, "Most frequent confusions"), confusionTable(topConfusions)],
    mistakes.length > 0 && [
      heading(below, "Worst mistakes"),
      reasonsNote(reasons),
      gallery(mistakes.map(mistakeItem), pictures, reasons?.list),
    ],
    uncertain.length > 0 && [heading(below, "Least certain"), gallery(uncertain.map(uncertainItem), pictures)],
  ];
}

function describeConfusions({ topConfusions: [first] = [] }: ClassDetails): string {
  return first ? `Most frequent: ${formatCount(first.count)} ${first.label} taken for ${first.predicted}.` : "";
}

function perClassTable({ perClass, averages }: ClassDetails) {
  const rows = perClass.map(({ label, precision, recall, f1, support }) => [
    label,
    formatFigure(precision),
    formatFigure(recall),
    formatFigure(f1),
    formatCount(support),
  ]);
  const means = averages
    ? (["macro", "weighted"] as const).map((kind) => {
        const { precision, recall, f1 } = averages[kind];
        return [`${kind} mean`, formatFigure(precision), formatFigure(recall), formatFigure(f1), ""];
      })
    : [];
  return dataTable({ head: ["class", "precision", "recall", "F1", "examples"], rows: [...rows, ...means] });
}

function confusionTable(pairs: NonNullable<ClassDetails["topConfusions"]>) {
  return dataTable({
    caption: "Most frequent confusions",
    head: ["true", "taken for", "how often", "of the class"],
    rows: pairs
      .slice(0, 10)
      .map(({ label, predicted, count, share }) => [label, predicted, formatCount(count), percent(share)]),
  });
}

function mistakeItem(mistake: ClassDetails["mistakes"][number]): GalleryItem {
  const { label, predicted, probability, truthProbability } = mistake;
  const truth = truthProbability === undefined ? "" : `, ${percent(truthProbability)}`;
  return { ...mistake, says: [`taken for ${predicted}, ${percent(probability)}`, `is ${label}${truth}`] };
}

function uncertainItem(example: NonNullable<ClassDetails["uncertain"]>[number]): GalleryItem {
  const { label, predicted, probability, second, secondProbability } = example;
  return {
    ...example,
    says: [`${predicted} ${percent(probability)}, ${second} ${percent(secondProbability)}`, `is ${label}`],
  };
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)}\u00a0%`;
