import { philox } from "../runtime/philox";
import type { HostTensor } from "../shared/host-tensor";

interface MadeUpRequest {
  readonly dtype: "uint8" | "float32" | "int32";
  readonly shape: readonly number[];
  /** Whole numbers are below it; 2 by default. */
  readonly below?: number | undefined;
}

/** The same random numbers at each call: bytes of 0 to 255, floats of -1 to 1, or whole numbers. */
export function madeUpInputs({ dtype, shape, below = 2 }: MadeUpRequest): HostTensor {
  const size = shape.reduce((product, each) => product * each, 1);
  const data =
    dtype === "uint8" ? new Uint8Array(size) : dtype === "float32" ? new Float32Array(size) : new Int32Array(size);
  for (let start = 0; start < size; start += 4) {
    const words = philox([start / 4, 0, 0, 0], [0, 0]);
    for (let i = start; i < Math.min(size, start + 4); i++) {
      const share = (words[i - start] as number) / 2 ** 32;
      data[i] = dtype === "uint8" ? 256 * share : dtype === "float32" ? 2 * share - 1 : Math.floor(below * share);
    }
  }
  return { data, shape };
}
