import type { ClassAverages, ClassFigures } from "./class-figures";
import type { ConfusionMatrix } from "./confusion-matrix";

/** Averages of `figures`, which are of the classes of `matrix`. */
export function classAverages(matrix: ConfusionMatrix, figures: readonly ClassFigures[]): ClassAverages {
  const predicted = figures.map((_, index) => sum(matrix, (row) => row[index] ?? 0));
  const withExamples = figures.filter(({ support }) => support > 0);
  const there = figures.filter(({ support }, index) => support > 0 || (predicted[index] ?? 0) > 0);
  const examples = sum(figures, ({ support }) => support);
  const macro = (name: "precision" | "recall" | "f1") => sum(there, (each) => each[name]) / there.length;
  const weighted = (name: "precision" | "recall" | "f1") =>
    sum(figures, (each) => each[name] * each.support) / examples;
  return {
    macro: { precision: macro("precision"), recall: macro("recall"), f1: macro("f1") },
    weighted: { precision: weighted("precision"), recall: weighted("recall"), f1: weighted("f1") },
    balancedAccuracy: sum(withExamples, ({ recall }) => recall) / withExamples.length,
    matthewsCorrelation: matthewsCorrelation(matrix, figures, predicted),
  };
}

function matthewsCorrelation(
  matrix: ConfusionMatrix,
  figures: readonly ClassFigures[],
  predicted: readonly number[],
): number {
  const examples = sum(predicted, (count) => count);
  const hits = matrix.reduce((total, row, index) => total + (row[index] ?? 0), 0);
  const together = figures.reduce((total, { support }, index) => total + support * (predicted[index] ?? 0), 0);
  const spread = (counts: readonly number[]) => examples ** 2 - sum(counts, (count) => count ** 2);
  const bothSpreads = spread(predicted) * spread(figures.map(({ support }) => support));
  return bothSpreads === 0 ? 0 : (hits * examples - together) / Math.sqrt(bothSpreads);
}

function sum<Entry>(entries: readonly Entry[], value: (entry: Entry) => number): number {
  return entries.reduce((total, entry) => total + value(entry), 0);
}
