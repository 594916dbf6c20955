import type { Operation, Work } from "./operation";

/** The greatest or mean number of each window: `window` numbers are looked at for each output. */
export function pooling({ input, output, window }: { input: number; output: number; window: number }): Operation {
  const pass = (moved: number): Work => ({
    flops: output * window,
    paddedFlops: output * window,
    moved,
    movedOnce: 0,
    launches: 1,
  });
  return {
    kind: "pooling",
    multiplyAdds: 0,
    forward: pass(input + output),
    inputGradient: pass(2 * input + 2 * output),
    weightGradient: { flops: 0, paddedFlops: 0, moved: 0, movedOnce: 0, launches: 0 },
    kept: output,
    transient: 0,
  };
}

/** Sizes of one axis or of several: a number stands for all of them. */
export const product = (sizes: number | readonly number[], axes: number): number =>
  typeof sizes === "number" ? sizes ** axes : sizes.reduce((result, size) => result * size, 1);
