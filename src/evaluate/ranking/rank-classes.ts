import type { ClassRanking, Ranking } from "../curve";
import { Highest } from "../highest";
import { AverageRoc } from "./average-roc";
import { areasOf, type RankedScores, rankScores, totalsOf } from "./ranked-scores";
import type { ScoreTable } from "./score-table";
import { precisionRecallCurve, rocCurve } from "./thin-curves";

/** Curves of more classes than this are not shown, but those of the lowest areas. */
const mostCurves = 20;

/**
 * How well the scores rank the classes: of two classes the second one's, of more each one's against the rest. `labels` are all
 * classes; `table` holds a column for each, or the second one's alone.
 */
export function rankClasses(table: ScoreTable, labels: readonly string[]): Ranking {
  const isBinary = table.columns.length < labels.length;
  const shown = isBinary ? labels.slice(-1) : labels;
  const average = new AverageRoc();
  const ones = new Uint8Array(table.truth.length).fill(1);
  const withCurves = new Highest<{ readonly column: number; readonly curves: Curves }>(mostCurves);
  const areas = shown.map((label, column) => {
    const ranked = rankedColumn(table, column);
    const { rocArea, averagePrecision } = areasOf(ranked, ones);
    if (Number.isFinite(rocArea)) {
      if (!isBinary) average.add(ranked);
      withCurves.offer(-rocArea, () => ({ column, curves: curvesOf(ranked, table.columns[column] as Float32Array) }));
    }
    return { label, ...totalsOf(ranked), rocArea: defined(rocArea), averagePrecision: defined(averagePrecision) };
  });
  const curves = new Map(withCurves.all.map(({ column, curves }) => [column, curves]));
  const classes = areas.map(
    (each, column): ClassRanking => ({ ...each, ...(curves.get(column) ?? { roc: null, precisionRecall: null }) }),
  );
  return {
    classes,
    rocArea: defined(mean(classes.map(({ rocArea }) => rocArea))),
    averagePrecision: defined(mean(classes.map(({ averagePrecision }) => averagePrecision))),
    macroRoc: average.curve,
    examples: table.truth.length,
  };
}

/** Of two classes the one column is of class 1. */
export function classOf({ columns }: Pick<ScoreTable, "columns">, column: number): number {
  return columns.length === 1 ? 1 : column;
}

/** Made anew each time: those of all classes together take as much memory as the scores. */
export function rankedColumn(table: ScoreTable, column: number): RankedScores {
  return rankScores(table.columns[column] as Float32Array, table.truth, classOf(table, column));
}

type Curves = Pick<ClassRanking, "roc" | "precisionRecall">;

function curvesOf(ranked: RankedScores, scores: Float32Array): Curves {
  return { roc: rocCurve(ranked, scores), precisionRecall: precisionRecallCurve(ranked, scores) };
}

function mean(values: readonly (number | null)[]): number {
  const defined = values.filter((value) => value !== null);
  return defined.reduce((sum, value) => sum + value, 0) / defined.length;
}

const defined = (value: number): number | null => (Number.isFinite(value) ? value : null);
