import { isLastOfTies, isOfClass, positionOf, type RankedScores } from "./ranked-scores";

/**
 * Adds to `roc` and `precision`, by position, how fast the two areas change with the weight of each position, times `share`: their derivatives at
 * weights of 1. Of many examples a resample's area is the area plus the sum of these over what was drawn, up to terms of the
 * order 1 / n (the infinitesimal jackknife: Jaeckel, 1972).
 */
export function addAreaInfluence(
  ranked: RankedScores,
  { roc, precision, share }: { readonly roc: Float64Array; readonly precision: Float64Array; readonly share: number },
): void {
  const groups = tieGroups(ranked);
  const last = groups.at(-1);
  if (!last || last.hits === 0) return;
  const { hits: positives, others: negatives } = last;
  const { area, averagePrecision } = areasOfGroups(groups);
  // How one more of the class, or of the others, up here changes the precision at those of the class that stand at or below it.
  let [raisedByHits, lowersByOthers] = [0, 0];
  let index = ranked.length;
  for (let at = groups.length - 1; at >= 0; at--) {
    const group = groups[at] as TieGroup;
    const before = groups[at - 1] ?? { hits: 0, others: 0, end: 0 };
    const [hits, others] = [group.hits - before.hits, group.others - before.others];
    const above = group.hits + group.others;
    raisedByHits += (hits * group.others) / above ** 2;
    lowersByOthers += (hits * group.hits) / above ** 2;
    const ofHit = negatives - group.others + others / 2;
    const ofOther = before.hits + hits / 2;
    const gain = (group.hits / above - averagePrecision + raisedByHits) / positives;
    const loss = -lowersByOthers / positives;
    while (index > before.end) {
      const entry = ranked[--index] as number;
      const position = positionOf(entry);
      const isHit = isOfClass(entry);
      if (negatives > 0) {
        const rocTerm = isHit ? (ofHit / negatives - area) / positives : (ofOther / positives - area) / negatives;
        roc[position] = (roc[position] as number) + share * rocTerm;
      }
      precision[position] = (precision[position] as number) + share * (isHit ? gain : loss);
    }
  }
}

/** Of the class and of the others down to the end of a run of equal scores, and where it ends. */
interface TieGroup {
  readonly hits: number;
  readonly others: number;
  readonly end: number;
}

function tieGroups(ranked: RankedScores): TieGroup[] {
  const groups: TieGroup[] = [];
  let [hits, others] = [0, 0];
  for (let index = 0; index < ranked.length; index++) {
    const entry = ranked[index] as number;
    if (isOfClass(entry)) hits++;
    else others++;
    if (isLastOfTies(entry)) groups.push({ hits, others, end: index + 1 });
  }
  return groups;
}

function areasOfGroups(groups: readonly TieGroup[]): { readonly area: number; readonly averagePrecision: number } {
  const last = groups.at(-1) as TieGroup;
  let [area, precisions] = [0, 0];
  let before: TieGroup = { hits: 0, others: 0, end: 0 };
  for (const group of groups) {
    const hits = group.hits - before.hits;
    area += (group.others - before.others) * (before.hits + hits / 2);
    precisions += (hits * group.hits) / (group.hits + group.others);
    before = group;
  }
  return { area: area / (last.hits * last.others), averagePrecision: precisions / last.hits };
}
