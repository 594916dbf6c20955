import type { Operation } from "./operation";

/** `steps` rows of `width` per example out of a table of `parameters` numbers. Its gradient is as large as the table. */
export function rowsOfTable({
  steps,
  width,
  parameters,
}: {
  steps: number;
  width: number;
  parameters: number;
}): Operation {
  const numbers = steps * width;
  return {
    kind: "gather",
    multiplyAdds: 0,
    forward: { flops: 0, paddedFlops: 0, moved: 2 * numbers, movedOnce: 0, launches: 1 },
    inputGradient: { flops: 0, paddedFlops: 0, moved: 0, movedOnce: 0, launches: 0 },
    weightGradient: {
      flops: numbers,
      paddedFlops: numbers,
      moved: 2 * numbers,
      movedOnce: parameters,
      launches: 1,
    },
    kept: numbers,
    transient: 0,
  };
}
