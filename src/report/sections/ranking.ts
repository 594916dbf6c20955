import type { ClassRanking, Curve, Ranking } from "../../evaluate/curve";
import { type LineSeries, lineChart } from "../charts/line-chart";
import { formatCount, formatFigure } from "../format-number";
import type { Html } from "../html";

/** More lines can't be told apart: beside the mean, the classes that are told worst. */
const mostClasses = 4;

/** ROC and precision-recall curves, with the areas under them. */
export function rankingCharts({ classes, macroRoc, rocArea, averagePrecision, examples }: Ranking): Html[] {
  const ofAll = classes.length > 1;
  const sample = `On ${formatCount(examples)} scores.`;
  const roc = [
    ...(macroRoc
      ? [{ name: `mean of all, area ${formatFigure(rocArea)}`, colour: 0, points: pointsOf(macroRoc) }]
      : []),
    ...seriesOf(classes, "roc", (each) => each.rocArea, "area", ofAll),
  ];
  const precisionRecall = seriesOf(
    classes,
    "precisionRecall",
    (each) => each.averagePrecision,
    "average precision",
    ofAll,
  );
  const corners = [0, 1] as const;
  return [
    ...(roc.length > 0
      ? [
          lineChart({
            title: "ROC",
            description: `Area under the curve ${formatFigure(rocArea)}; 1 is perfect, 0.5 chance. ${namesOf(roc)}`,
            x: { label: "others taken for it", domain: corners },
            y: { label: "found", domain: corners },
            series: roc,
            reference: [
              { x: 0, y: 0 },
              { x: 1, y: 1 },
            ],
            note: `Area ${formatFigure(rocArea)}${ofAll ? ", mean over the classes" : ` of ${classes[0]?.label}`}; ${chosen(classes, roc.length)}dotted: chance. ${sample}`,
          }),
        ]
      : []),
    ...(precisionRecall.length > 0
      ? [
          lineChart({
            title: "Precision and recall",
            description: `Average precision ${formatFigure(averagePrecision)}; 1 is perfect. ${namesOf(precisionRecall)}`,
            x: { label: "recall", domain: corners },
            y: { label: "precision", domain: corners },
            series: precisionRecall,
            note: `Average precision ${formatFigure(averagePrecision)}${ofAll ? ", mean over the classes" : ` of ${classes[0]?.label}`}. ${sample}`,
          }),
        ]
      : []),
  ];
}

function seriesOf(
  classes: readonly ClassRanking[],
  curve: "roc" | "precisionRecall",
  areaOf: (each: ClassRanking) => number | null,
  what: string,
  ofAll: boolean,
): LineSeries[] {
  return classes
    .filter((each) => each[curve] !== null)
    .sort((a, b) => (areaOf(a) ?? 1) - (areaOf(b) ?? 1))
    .slice(0, mostClasses)
    .map((each, index) => ({
      name: `${each.label}, ${what} ${formatFigure(areaOf(each))}`,
      colour: ofAll ? index + 1 : index,
      isDashed: ofAll && index % 2 === 1,
      points: pointsOf(each[curve] as Curve),
    }));
}

function chosen(classes: readonly ClassRanking[], shown: number): string {
  return classes.length > shown ? "with the classes of the smallest areas; " : "";
}

const pointsOf = ({ x, y }: Curve) => x.map((value, index) => ({ x: value, y: y[index] as number }));

const namesOf = (series: readonly LineSeries[]) => series.map(({ name }) => name).join("; ");
