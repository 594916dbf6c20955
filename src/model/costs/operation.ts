/** Kinds of work that a machine does at rates of its own. */
export type WorkKind =
  | "product"
  | "batchedProduct"
  | "convolution"
  | "depthwise"
  | "pooling"
  | "recurrence"
  | "gather"
  | "elementwise";

/** What is computed and moved. Per example but for what is said to be once a batch. */
export interface Work {
  /** Floating-point operations: a multiply-add is two, a bias one, relu one, tanh and sigmoid four, softmax five for each number. */
  readonly flops: number;
  /** The same with the sizes that vector units round up: what a machine's time goes by. */
  readonly paddedFlops: number;
  /** Numbers of activations and their gradients that are read and written. */
  readonly moved: number;
  /** Numbers of weights and their gradients that are read and written, once a batch. */
  readonly movedOnce: number;
  /** Kernels that are started, once a batch. */
  readonly launches: number;
}

/** One operation of a layer in all its passes. The first one of a layer takes the layer's input. */
export interface Operation {
  readonly kind: WorkKind;
  /** Multiply-adds of the forward pass per example: what is published of a model as its "MACs". */
  readonly multiplyAdds: number;
  readonly forward: Work;
  /** Backward: gradients of the operation's inputs. */
  readonly inputGradient: Work;
  /** Backward: gradients of its weights. */
  readonly weightGradient: Work;
  /** Numbers per example that it makes and that stay in memory until the backward pass. */
  readonly kept: number;
  /** Numbers per example that it needs besides, while it runs. */
  readonly transient: number;
}

/** Sizes of a layer's inputs and output for one example: no batch axis, all known. */
export interface CostShapes {
  readonly inputs: readonly (readonly number[])[];
  readonly output: readonly number[];
  /** Numbers in its weights. */
  readonly parameters: number;
}

export const noWork: Work = { flops: 0, paddedFlops: 0, moved: 0, movedOnce: 0, launches: 0 };

/** How many numbers a shape holds. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export function addWork(works: readonly Work[]): Work {
  return works.reduce(
    (sum, work) => ({
      flops: sum.flops + work.flops,
      paddedFlops: sum.paddedFlops + work.paddedFlops,
      moved: sum.moved + work.moved,
      movedOnce: sum.movedOnce + work.movedOnce,
      launches: sum.launches + work.launches,
    }),
    noWork,
  );
}

/** The same work `times` over. */
export function repeatWork(work: Work, times: number): Work {
  return {
    flops: work.flops * times,
    paddedFlops: work.paddedFlops * times,
    moved: work.moved * times,
    movedOnce: work.movedOnce * times,
    launches: work.launches * times,
  };
}
