import type { AttentionShares } from "./explanation";
import type { WatchedAttention } from "./watch-attention";

/** What each head of a layer gives to all steps, as the mean over `queries`. */
export function sharesFrom({ layer, shape, values }: WatchedAttention, queries: readonly number[]): AttentionShares {
  const [heads, rows, keys] = shape;
  const rowOf = (head: number, row: number) =>
    values.subarray((head * rows + row) * keys, (head * rows + row + 1) * keys);
  return {
    layer,
    heads: Array.from({ length: heads }, (_, head) => meanOf(queries.map((query) => rowOf(head, query)))),
  };
}

/**
 * Attention rollout, "Quantifying attention flow in transformers" (Abnar and Zuidema, 2020): how much of each step of the first
 * layer's input is in `queries`, as their mean, behind the last layer, where each hands on half of its input and half of what its
 * heads' mean attends to. Sums to 1.
 */
export function rollOut(layers: readonly WatchedAttention[], queries: readonly number[]): Float32Array {
  const size = layers[0]?.shape[2] ?? 0;
  let flow = Array.from({ length: size }, (_, row) => new Float32Array(size).fill(1, row, row + 1));
  for (const layer of layers) {
    const before = flow;
    flow = before.map((own, row) => {
      const next = own.map((value) => value / 2);
      const shares = meanOf(sharesFrom(layer, [row]).heads);
      for (const [key, share] of shares.entries()) addTo(next, before[key] as Float32Array, share / 2);
      return next;
    });
  }
  return meanOf(queries.map((query) => flow[query] as Float32Array));
}

function meanOf(rows: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(rows[0]?.length ?? 0);
  for (const row of rows) addTo(mean, row, 1 / rows.length);
  return mean;
}

function addTo(target: Float32Array, values: Float32Array, factor: number): void {
  for (const [index, value] of values.entries()) target[index] = (target[index] as number) + factor * value;
}
