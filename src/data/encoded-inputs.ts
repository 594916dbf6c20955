import type { HostTensor } from "../shared/host-tensor";

/** Inputs after host preprocessing (decode, resize, crop, grayscale; tokenize, pad), read by example number. */
export interface EncodedInputs {
  /** Shape of one example, no batch axis. `null` for an axis that differs between examples. */
  readonly shape: readonly (number | null)[];
  readonly dtype: "uint8" | "float32" | "int32";
  /** `[examples.length, ...shape]` in the order asked for. Decoded at the first read, from the cache later. */
  read(examples: Int32Array, signal?: AbortSignal): Promise<HostTensor>;
  /** Frees files and memory. */
  close(): Promise<void>;
}
