import type { HostTensor } from "../../shared/host-tensor";

/**
 * A batch as the loader gives it: inputs decoded, resized and encoded but not yet normalized or augmented (that happens
 * on the device, see DeviceStage). The engine uploads it.
 */
export interface HostBatch {
  /** `[count, ...input shape]`; uint8 pixels, float32 numbers or int32 token ids. */
  readonly inputs: HostTensor;
  /** Class indices: int32 `[count]`; of each step: int32 `[count, steps]`, -1 for none. Values: float32 `[count, width]`. */
  readonly targets: HostTensor;
  /** Which examples of the set these are: int32 `[count]`. */
  readonly examples: Int32Array;
  readonly count: number;
}
