import type { HistoryEntry } from "../train/history";

/** How two courses of training differ. */
export interface DifferingHistory {
  readonly epochs: { readonly a: number; readonly b: number };
  /** The first epoch, from 1, whose figures are not the same; null when all that both have are. */
  readonly firstEpoch: number | null;
  /** Figures that differ in that epoch, by name. */
  readonly figures: readonly { readonly name: string; readonly a: number | null; readonly b: number | null }[];
}

/** Compares figures and learning rates, epoch by epoch; not the seconds. Undefined when they are the same. */
export function compareHistories(a: readonly HistoryEntry[], b: readonly HistoryEntry[]): DifferingHistory | undefined {
  const epochs = { a: a.length, b: b.length };
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const figures = differingFigures(figuresOf(a[index] as HistoryEntry), figuresOf(b[index] as HistoryEntry));
    if (figures.length > 0) return { epochs, firstEpoch: index + 1, figures };
  }
  return a.length === b.length ? undefined : { epochs, firstEpoch: null, figures: [] };
}

const figuresOf = ({ metrics, learningRate, step }: HistoryEntry) => ({ ...metrics, learningRate, step });

function differingFigures(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names
    .filter((name) => !Object.is(a[name], b[name]))
    .map((name) => ({ name, a: a[name] ?? null, b: b[name] ?? null }));
}
