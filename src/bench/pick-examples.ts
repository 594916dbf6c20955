/** Runs of neighbours that are measured: of the images of a folder they are of several classes. */
const runs = 8;

/**
 * `count` of `examples`, or all, evenly from the whole of it. They come in a few runs of neighbours: caches take memory in
 * pieces of neighbours, and would take it for nearly the whole set if single examples were picked from all over it.
 */
export function pickExamples(examples: Int32Array, count: number): Int32Array {
  if (examples.length <= count) return examples;
  const picked = new Int32Array(count);
  for (let run = 0; run < runs; run++) {
    const [from, to] = [run, run + 1].map((edge) => Math.floor((edge * count) / runs)) as [number, number];
    const start = Math.floor((run * (examples.length - count)) / (runs - 1)) + from;
    picked.set(examples.subarray(start, start + to - from), from);
  }
  return picked;
}
