import { noise } from "./elementwise";
import { type Operation, repeatWork, type Work } from "./operation";
import { weightProduct } from "./products";

interface Recurrence {
  readonly steps: number;
  readonly features: number;
  readonly units: number;
  /** Products with the state and the inputs: 1, GRU 3, LSTM 4. */
  readonly gates: number;
  /** Numbers for each step and unit that stay for the backward pass. */
  readonly keptForEach: number;
  /** Kernels for each step, forward and backward; 0 where one takes the whole sequence. */
  readonly launches: readonly [forward: number, backward: number];
  /** Two with a second direction. */
  readonly directions: number;
  readonly dropout: number;
}

/** The kinds of recurrent layers, as their fused kernels compute them. */
export const recurrences = {
  simpleRNN: { gates: 1, keptForEach: 2, launches: [3, 4] },
  gru: { gates: 3, keptForEach: 6, launches: [9, 12] },
  lstm: { gates: 4, keptForEach: 7, launches: [0, 5] },
} as const;

/** A recurrent layer: the inputs of all steps at once, then the state step by step. */
export function recurrence(of: Recurrence): Operation[] {
  const { steps, features, units, gates, directions, dropout } = of;
  const columns = gates * units;
  const multiplyAdds = directions * steps * units * columns;
  const pass = (launches: number): Work => ({
    flops: 2 * multiplyAdds,
    paddedFlops: 2 * multiplyAdds,
    moved: directions * steps * (columns + 2 * units),
    movedOnce: directions * steps * units * columns,
    launches: directions * (launches === 0 ? 1 : launches * steps),
  });
  const [forward, backward] = of.launches;
  const input = weightProduct({ rows: steps, inner: features, columns, count: directions });
  return [
    ...(dropout > 0 ? noise(steps * features) : []),
    { ...input, kept: directions * steps * features },
    {
      kind: "recurrence",
      multiplyAdds,
      forward: pass(forward),
      inputGradient: pass(backward),
      weightGradient: { ...repeatWork(pass(0), 1), movedOnce: directions * units * columns },
      kept: directions * steps * units * of.keptForEach,
      transient: directions * steps * columns,
    },
  ];
}
