import type { ConfusionMatrix } from "./confusion-matrix";

export interface ClassFigures {
  readonly label: string;
  /** Of those predicted as this class, the part that is; 0 where none was predicted so, as in scikit-learn. */
  readonly precision: number;
  /** Of those that are of this class, the part found; 0 where there is none. */
  readonly recall: number;
  /** Harmonic mean of both; 0 where both are. */
  readonly f1: number;
  /** Number of examples that are of this class. */
  readonly support: number;
}

/** Figures over all classes, as scikit-learn has them. */
export interface ClassAverages {
  /** Mean over the classes that have examples or were predicted. */
  readonly macro: { readonly precision: number; readonly recall: number; readonly f1: number };
  /** Mean over the examples' classes, so that each counts by its examples. */
  readonly weighted: { readonly precision: number; readonly recall: number; readonly f1: number };
  /** Mean recall of the classes that have examples. */
  readonly balancedAccuracy: number;
  /** Matthews's correlation of truth and prediction (Gorodkin, 2004, for more than two classes): 1 is perfect, 0 chance; 0 where either never varies. */
  readonly matthewsCorrelation: number;
}

/** Precision, recall and F1 of each class from `[true][predicted]` counts. */
export function classFigures(matrix: ConfusionMatrix, labels: readonly string[]): ClassFigures[] {
  return labels.map((label, index) => {
    const hits = matrix[index]?.[index] ?? 0;
    const support = sum(matrix[index] ?? []);
    const predicted = sum(matrix.map((row) => row[index] ?? 0));
    return {
      label,
      precision: ratio(hits, predicted),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, predicted + support),
      support,
    };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
