const mostNames = 3;

/**
 * Those of `known` that `name` was probably meant to be, the likeliest first, three at most; empty when none comes near.
 * Near is: equal but for case and punctuation, a few typing errors away, its beginning or end (or the other way round), or its initials
 * (`lr` of `learningRate`).
 */
export function nearestNames(name: string, known: Iterable<string>): string[] {
  const wanted = plain(name);
  if (wanted === "") return [];
  const ranked = [...new Set(known)]
    .map((candidate, order) => ({ candidate, order, cost: cost(wanted, candidate) }))
    .filter(({ cost }) => cost <= 1)
    .sort((a, b) => a.cost - b.cost || a.order - b.order);
  const best = ranked[0]?.cost ?? 0;
  // Names far worse than the best one only distract from it.
  return ranked
    .filter(({ cost }) => cost <= best + 0.35)
    .slice(0, mostNames)
    .map(({ candidate }) => candidate);
}

const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** 0 for the same name, up to 1 for one that is just near enough, above for the rest. */
function cost(wanted: string, candidate: string): number {
  const other = plain(candidate);
  if (other === wanted) return 0;
  const longest = Math.max(wanted.length, other.length);
  // Two typing errors in eight letters are near; one in three is, too.
  const byTyping = typingErrors(wanted, other) / Math.max(1, Math.round(longest / 3));
  const [short, long] = wanted.length < other.length ? [wanted, other] : [other, wanted];
  const isPart = short.length >= 3 && (long.startsWith(short) || long.endsWith(short));
  const byPart = isPart ? 0.5 + (0.4 * (long.length - short.length)) / longest : 2;
  const byInitials = wanted.length >= 2 && wanted === initials(candidate) ? 0.6 : 2;
  return Math.min(byTyping, byPart, byInitials);
}

const initials = (name: string) =>
  name
    .replace(/(\p{Lu})/gu, " $1")
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.charAt(0))
    .join("")
    .toLowerCase();

/** Letters inserted, left out, replaced or swapped with their neighbour (Damerau-Levenshtein, optimal string alignment). */
function typingErrors(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length] ?? 0;
}

/** `did you mean "a" or "b"?`, or nothing when no name comes near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const names = nearestNames(name, known).map((near) => JSON.stringify(near));
  return names.length === 0 ? "" : `did you mean ${names.join(" or ")}?`;
}
