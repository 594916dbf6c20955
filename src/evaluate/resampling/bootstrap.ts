import type { Confidence, FigureInterval } from "../confidence";
import { quantile } from "./quantile";
import { randomIntegers } from "./random-integers";

export interface FigureValue {
  readonly figure: string;
  readonly target: string | null;
  readonly value: number;
}

/** Figures that can be computed of any choice of the units. */
export interface ResampledStatistic {
  /** On all units, each once. */
  readonly figures: readonly FigureValue[];
  /** The same figures of the units in `drawn`, some more than once, into `values`; NaN for what is not defined. */
  resample(drawn: Int32Array, values: Float64Array): void;
}

const level = 0.95;
const resamples = 1000;
/** Fewer say nothing of others. */
const fewestUnits = 10;
/** More are not drawn at once, see below. */
const mostDrawn = 50_000;

/**
 * Percentile intervals of figures, by drawing as many units as there are, with replacement, 1,000 times; the same seed gives the same.
 * Of more than 50,000 units so many are drawn, and the distances from the value shrunk by sqrt(drawn / units), which is by how much
 * more units vary less (the m out of n bootstrap: Bickel, Goetze and van Zwet, 1997). Null with fewer than 10 units.
 * A figure that is not defined in a resample is left out there; one that is not defined in half of them, or is the
 * same in all, as where there is no mistake to draw, has no interval.
 */
export function bootstrap(
  statistics: readonly ResampledStatistic[],
  { unit, units, seed, most = mostDrawn }: Pick<Confidence, "unit" | "units" | "seed"> & { readonly most?: number },
): Confidence | null {
  if (units < fewestUnits) return null;
  const drawn = new Int32Array(Math.min(units, most));
  const draw = randomIntegers(seed, "bootstrap");
  const results = statistics.map(({ figures }) => figures.map(() => new Float64Array(resamples)));
  const values = statistics.map(({ figures }) => new Float64Array(figures.length));
  for (let resample = 0; resample < resamples; resample++) {
    for (let index = 0; index < drawn.length; index++) drawn[index] = draw(units);
    for (const [at, statistic] of statistics.entries()) {
      const computed = values[at] as Float64Array;
      statistic.resample(drawn, computed);
      for (const [index, list] of (results[at] ?? []).entries()) list[resample] = computed[index] as number;
    }
  }
  const shrink = Math.sqrt(drawn.length / units);
  const figures = statistics.flatMap((statistic, at) =>
    statistic.figures.flatMap((figure, index) => intervalOf(figure, results[at]?.[index] as Float64Array, shrink)),
  );
  return { level, resamples, seed, unit, units, figures };
}

function intervalOf(figure: FigureValue, resampled: Float64Array, shrink: number): FigureInterval[] {
  const defined = resampled.filter((value) => Number.isFinite(value)).sort();
  if (!Number.isFinite(figure.value) || defined.length < resamples / 2) return [];
  if (defined[0] === defined.at(-1)) return [];
  const bound = (at: number) => figure.value + (quantile(defined, at) - figure.value) * shrink;
  return [{ ...figure, low: bound((1 - level) / 2), high: bound((1 + level) / 2) }];
}
