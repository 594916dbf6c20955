export type HostData = Uint8Array | Float32Array | Int32Array;

/** A tensor in JavaScript's memory, row-major; the array's type is its dtype. Nothing to dispose. */
export interface HostTensor<Data extends HostData = HostData> {
  readonly data: Data;
  /** Sizes of all axes, the batch's included where it has one. */
  readonly shape: readonly number[];
}
