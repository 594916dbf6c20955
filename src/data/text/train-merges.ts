import { pairKey } from "./byte-pairs";

interface MergesRequest {
  /** How often each piece (see `splitPieces`) occurs. */
  readonly pieces: ReadonlyMap<string, number>;
  /** Tokens so far: padding, unknown, then characters. */
  readonly tokens: readonly string[];
  /** Most tokens in the end. */
  readonly vocabulary: number;
  /** A pair that occurs less often is not merged. */
  readonly minFrequency: number;
}

interface Word {
  ids: number[];
  readonly count: number;
}

/** A pair as it stood when it was queued; what counts is `counts`. */
interface Candidate {
  readonly left: number;
  readonly right: number;
  readonly count: number;
}

/**
 * Byte-pair encoding (Gage 1994; Sennrich, Haddow and Birch 2016) on code points: the most frequent pair of neighbours becomes a token, again and
 * again. Of equally frequent pairs the one with the smaller ids comes first, so that the same text gives the same merges. Characters that are no
 * token are not merged.
 */
export function trainMerges({ pieces, tokens: first, vocabulary, minFrequency }: MergesRequest): {
  readonly tokens: string[];
  readonly merges: [number, number][];
} {
  const tokens = [...first];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const words = readWords(pieces, ids);
  const pairs = new PairCounts(words);
  const merges: [number, number][] = [];
  while (tokens.length < vocabulary) {
    const best = pairs.takeMostFrequent();
    if (!best || best.count < minFrequency) break;
    const { left, right } = best;
    const merged = `${tokens[left]}${tokens[right]}`;
    let id = ids.get(merged);
    if (id === undefined) {
      id = tokens.push(merged) - 1;
      ids.set(merged, id);
    }
    merges.push([left, right]);
    pairs.merge(left, right, id);
  }
  return { tokens, merges };
}

const unknown = 1;

function readWords(pieces: ReadonlyMap<string, number>, ids: ReadonlyMap<string, number>): Word[] {
  return Array.from(pieces, ([piece, count]) => ({
    ids: Array.from(piece, (character) => ids.get(character) ?? unknown),
    count,
  }));
}

/** How often each pair of neighbours occurs, and in which words. */
class PairCounts {
  private readonly counts = new Map<number, number>();
  private readonly places = new Map<number, Set<number>>();
  private readonly queue = new Queue();

  constructor(private readonly words: readonly Word[]) {
    for (const [index, { ids, count }] of words.entries()) this.add(ids, count, index);
    for (const [key, count] of this.counts) this.queue.push(candidate(key, count));
  }

  takeMostFrequent(): Candidate | undefined {
    for (;;) {
      const best = this.queue.pop();
      if (!best) return undefined;
      const count = this.counts.get(pairKey(best.left, best.right)) ?? 0;
      if (count === best.count && count > 0) return best;
      // It changed since it was queued, and was queued again when it grew.
      if (count > 0 && count < best.count) this.queue.push({ ...best, count });
    }
  }

  merge(left: number, right: number, id: number): void {
    const key = pairKey(left, right);
    const grown = new Set<number>();
    for (const index of this.places.get(key) ?? []) {
      const word = this.words[index] as Word;
      this.add(word.ids, -word.count, index);
      word.ids = replacePair(word.ids, left, right, id);
      for (const pair of this.add(word.ids, word.count, index)) grown.add(pair);
    }
    this.counts.delete(key);
    this.places.delete(key);
    for (const pair of grown) {
      const count = this.counts.get(pair) ?? 0;
      if (count > 0) this.queue.push(candidate(pair, count));
    }
  }

  private add(ids: readonly number[], count: number, index: number): number[] {
    const seen: number[] = [];
    for (let position = 1; position < ids.length; position++) {
      const [left, right] = [ids[position - 1] as number, ids[position] as number];
      if (left === unknown || right === unknown) continue;
      const key = pairKey(left, right);
      seen.push(key);
      this.counts.set(key, (this.counts.get(key) ?? 0) + count);
      const places = this.places.get(key);
      if (places) places.add(index);
      else this.places.set(key, new Set([index]));
    }
    return seen;
  }
}

function candidate(key: number, count: number): Candidate {
  const right = key % pairKey(1, 0);
  return { left: (key - right) / pairKey(1, 0), right, count };
}

function replacePair(ids: readonly number[], left: number, right: number, id: number): number[] {
  const replaced: number[] = [];
  for (let index = 0; index < ids.length; index++) {
    const isPair = ids[index] === left && ids[index + 1] === right;
    replaced.push(isPair ? id : (ids[index] as number));
    if (isPair) index++;
  }
  return replaced;
}

/** A binary heap: the most frequent first, of equal ones the smaller ids. */
class Queue {
  private readonly heap: Candidate[] = [];

  push(entry: Candidate): void {
    const { heap } = this;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Candidate)) break;
      heap[index] = heap[parent] as Candidate;
      index = parent;
    }
    heap[index] = entry;
  }

  pop(): Candidate | undefined {
    const { heap } = this;
    const [top] = heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Candidate, heap[child] as Candidate)) child++;
      if (!isBefore(heap[child] as Candidate, last)) break;
      heap[index] = heap[child] as Candidate;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}

function isBefore(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.left !== b.left ? a.left < b.left : a.right < b.right;
}
