import type { Ranking } from "../curve";
import type { ResampledStatistic } from "../resampling/bootstrap";
import { addAreaInfluence } from "./area-influence";
import { rankedColumn } from "./rank-classes";
import { areasOf, type RankedScores } from "./ranked-scores";
import type { ScoreTable } from "./score-table";

/** Up to so many scores, each resample's areas are computed from its own ranking; above, from what each unit adds to the area. */
const mostRanked = 100_000;

/** The mean areas of a ranking, over the classes that have one. `unitOf[position]` is the unit that a position of the table came with. */
export function areaStatistic(
  table: ScoreTable,
  { rocArea, averagePrecision }: Ranking,
  { unitOf, units, most = mostRanked }: { readonly unitOf: Int32Array; readonly units: number; readonly most?: number },
): ResampledStatistic {
  const figures = [
    { figure: "rocArea", target: null, value: rocArea ?? Number.NaN },
    { figure: "averagePrecision", target: null, value: averagePrecision ?? Number.NaN },
  ];
  const scores = table.columns.length * table.truth.length;
  const resample =
    scores <= most ? rankAgain(table, { unitOf, units }) : addInfluences(table, figures, { unitOf, units });
  return { figures, resample };
}

interface Units {
  readonly unitOf: Int32Array;
  readonly units: number;
}

function rankAgain(table: ScoreTable, { unitOf, units }: Units): ResampledStatistic["resample"] {
  const ranked = table.columns.map((_, column) => rankedColumn(table, column));
  const times = new Int32Array(units);
  const weights = new Int32Array(unitOf.length);
  return (drawn, values) => {
    times.fill(0);
    for (const unit of drawn) times[unit] = (times[unit] as number) + 1;
    for (let index = 0; index < weights.length; index++) weights[index] = times[unitOf[index] as number] as number;
    [values[0], values[1]] = meanAreas(ranked, weights);
  };
}

/** NaN where no class has an area. */
function meanAreas(ranked: readonly RankedScores[], weights: Int32Array): [number, number] {
  let [rocs, withRoc, precisions, withPrecision] = [0, 0, 0, 0];
  for (const column of ranked) {
    const { rocArea, averagePrecision } = areasOf(column, weights);
    if (Number.isFinite(rocArea)) {
      rocs += rocArea;
      withRoc++;
    }
    if (Number.isFinite(averagePrecision)) {
      precisions += averagePrecision;
      withPrecision++;
    }
  }
  return [rocs / withRoc, precisions / withPrecision];
}

function addInfluences(
  table: ScoreTable,
  figures: ResampledStatistic["figures"],
  { unitOf, units }: Units,
): ResampledStatistic["resample"] {
  const influences = influenceOfUnits(table, { unitOf, units });
  return (drawn, values) => {
    const scale = units / drawn.length;
    for (const [at, influence] of influences.entries()) {
      let sum = 0;
      for (let index = 0; index < drawn.length; index++) sum += influence[drawn[index] as number] as number;
      values[at] = (figures[at]?.value ?? Number.NaN) + sum * scale;
    }
  };
}

/** Of the mean ROC area and the mean average precision. */
function influenceOfUnits(table: ScoreTable, { unitOf, units }: Units): [Float64Array, Float64Array] {
  const length = table.truth.length;
  const [roc, precision] = [new Float64Array(length), new Float64Array(length)];
  const classes = new Set(table.truth);
  const present = table.columns.length === 1 ? 1 : classes.size;
  for (let column = 0; column < table.columns.length; column++) {
    addAreaInfluence(rankedColumn(table, column), { roc, precision, share: 1 / present });
  }
  const sums: [Float64Array, Float64Array] = [new Float64Array(units), new Float64Array(units)];
  for (let index = 0; index < length; index++) {
    const unit = unitOf[index] as number;
    sums[0][unit] = (sums[0][unit] as number) + (roc[index] as number);
    sums[1][unit] = (sums[1][unit] as number) + (precision[index] as number);
  }
  return sums;
}
