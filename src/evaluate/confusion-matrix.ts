/** How often each true class (row) was predicted as each class (column): `[true][predicted]`. */
export type ConfusionMatrix = readonly (readonly number[])[];

export function confusionMatrix(truth: Int32Array, predicted: Int32Array, classes: number): ConfusionMatrix {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [index, row] of truth.entries()) {
    const counts = matrix[row];
    const column = predicted[index];
    if (counts && column !== undefined) counts[column] = (counts[column] ?? 0) + 1;
  }
  return matrix;
}

export interface Confusion {
  /** Number of the true class, and of the one that was predicted. */
  readonly truth: number;
  readonly predicted: number;
  readonly count: number;
}

/** The most frequent ways to be wrong, most frequent first; equal ones in the classes' order. */
export function frequentConfusions(matrix: ConfusionMatrix, most: number): Confusion[] {
  return matrix
    .flatMap((row, truth) => row.map((count, predicted) => ({ truth, predicted, count })))
    .filter(({ truth, predicted, count }) => truth !== predicted && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}
