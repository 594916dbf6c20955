/** Keeps the processed pixels of examples, each of the same size, while one EncodedInputs is open. */
export interface PixelCache {
  /** Copies the pixels of `example` into `target` and says true; false when they are not there. */
  read(example: number, target: Uint8Array): Promise<boolean>;
  write(example: number, pixels: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** How much there is to keep. */
export interface CacheExtent {
  /** Number of examples. */
  readonly count: number;
  /** Bytes of one. */
  readonly size: number;
}
