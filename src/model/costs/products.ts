import { noWork, type Operation, type Work } from "./operation";

/** Numbers in a vector register; the last ones of a row take as long as a full one. */
const vectorWidth = 16;
/** Reading and packing a row takes about as long as this many more multiply-adds for each output. */
const packing = 16;

const padded = (rows: number, inner: number, columns: number) =>
  2 * rows * (inner + packing) * Math.ceil(columns / vectorWidth) * vectorWidth;

interface Product {
  /** Rows of the left matrix per example. */
  readonly rows: number;
  /** What is summed over. */
  readonly inner: number;
  readonly columns: number;
  /** How many such products; 1 by default. */
  readonly count?: number;
}

/** `[rows, inner]` times a matrix of weights `[inner, columns]`. */
export function weightProduct({ rows, inner, columns, count = 1 }: Product): Operation {
  const multiplyAdds = count * rows * inner * columns;
  const moved = count * rows * (inner + columns);
  const weights = count * inner * columns;
  const pass = (paddedFlops: number, movedOnce: number): Work => ({
    flops: 2 * multiplyAdds,
    paddedFlops,
    moved,
    movedOnce,
    launches: count,
  });
  return {
    kind: "product",
    multiplyAdds,
    forward: pass(count * padded(rows, inner, columns), weights),
    inputGradient: pass(count * padded(rows, columns, inner), weights),
    weightGradient: pass(count * padded(rows, inner, columns), weights),
    kept: count * rows * columns,
    transient: 0,
  };
}

/** A product of two activations, `[rows, inner]` times `[inner, columns]`, `count` times per example. Both have a gradient. */
export function activationProduct({ rows, inner, columns, count = 1 }: Product): Operation {
  const multiplyAdds = count * rows * inner * columns;
  const forward: Work = {
    flops: 2 * multiplyAdds,
    paddedFlops: count * padded(rows, inner, columns),
    moved: count * (rows * inner + inner * columns + rows * columns),
    movedOnce: 0,
    launches: 1,
  };
  return {
    kind: "batchedProduct",
    multiplyAdds,
    forward,
    inputGradient: {
      flops: 2 * forward.flops,
      paddedFlops: count * (padded(rows, columns, inner) + padded(inner, rows, columns)),
      moved: 2 * forward.moved,
      movedOnce: 0,
      launches: 2,
    },
    weightGradient: noWork,
    kept: count * rows * columns,
    transient: 0,
  };
}

interface Windows {
  /** Places of the window, per example. */
  readonly positions: number;
  /** Numbers in the window, over all channels that one filter sees. */
  readonly window: number;
  readonly filters: number;
  /** Numbers of the input per example. */
  readonly input: number;
  /** Numbers of the output per example; positions * filters by default. */
  readonly output?: number;
}

/** A convolution over all channels, or its transpose (then `positions` are those of the input). */
export function convolution({ positions, window, filters, input, output = positions * filters }: Windows): Operation {
  const multiplyAdds = positions * window * filters;
  const work: Work = {
    flops: 2 * multiplyAdds,
    paddedFlops: padded(positions, window, filters),
    moved: input + output,
    movedOnce: window * filters,
    launches: 1,
  };
  return {
    kind: "convolution",
    multiplyAdds,
    forward: work,
    inputGradient: work,
    weightGradient: work,
    kept: output,
    transient: 0,
  };
}

interface DepthwiseWindows {
  readonly positions: number;
  /** Places in the window. */
  readonly window: number;
  readonly channels: number;
  readonly input: number;
}

/** A convolution of each channel by itself; `channels` are those of the output. */
export function depthwiseConvolution({ positions, window, channels, input }: DepthwiseWindows): Operation {
  const multiplyAdds = positions * window * channels;
  const work: Work = {
    flops: 2 * multiplyAdds,
    paddedFlops: 2 * multiplyAdds,
    moved: input + positions * channels,
    movedOnce: window * channels,
    launches: 1,
  };
  return {
    kind: "depthwise",
    multiplyAdds,
    forward: work,
    inputGradient: work,
    weightGradient: work,
    kept: positions * channels,
    transient: 0,
  };
}
