/** Two neighbouring tokens as one number; ids stay under 2^24. */
const pairBase = 2 ** 24;

export function pairKey(left: number, right: number): number {
  return left * pairBase + right;
}

interface Merge {
  readonly rank: number;
  readonly id: number;
}

/** Merges by pair. `tokens[left] + tokens[right]` is in `tokens`. */
export function mergeTable(
  merges: readonly (readonly [number, number])[],
  ids: ReadonlyMap<string, number>,
  tokens: readonly string[],
): ReadonlyMap<number, Merge> {
  return new Map(
    merges.map(([left, right], rank) => [
      pairKey(left, right),
      { rank, id: ids.get(`${tokens[left]}${tokens[right]}`) as number },
    ]),
  );
}

/** Applies the merges to the ids of one piece's characters, earliest merge first, as training did. */
export function applyMerges(characters: readonly number[], merges: ReadonlyMap<number, Merge>): number[] {
  const ids = [...characters];
  for (;;) {
    let best: Merge | undefined;
    for (let index = 1; index < ids.length; index++) {
      const merge = merges.get(pairKey(ids[index - 1] as number, ids[index] as number));
      if (merge && (!best || merge.rank < best.rank)) best = merge;
    }
    if (!best) return ids;
    mergeAll(ids, best, merges);
  }
}

function mergeAll(ids: number[], best: Merge, merges: ReadonlyMap<number, Merge>): void {
  let kept = 0;
  for (let index = 0; index < ids.length; index++) {
    const merge =
      index + 1 < ids.length ? merges.get(pairKey(ids[index] as number, ids[index + 1] as number)) : undefined;
    ids[kept++] = merge === best ? best.id : (ids[index] as number);
    if (merge === best) index++;
  }
  ids.length = kept;
}
