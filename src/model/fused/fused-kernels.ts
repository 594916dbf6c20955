import { type NativeOps, nativeBackend } from "../../runtime/native-ops";
import type { FusedKernels } from "../custom-layers/fused-kernels";
import { fusedAttend, fusedAttendPacked } from "./fused-attention";
import { fusedBiasGelu } from "./fused-bias-gelu";
import { fusedDense } from "./fused-dense";
import { fusedNormalize } from "./fused-normalize";

/** The fused kernels where dlctl's own operations can be run, else undefined. */
export function fusedKernels(): FusedKernels | undefined {
  const native = nativeBackend();
  return native?.hasOwnOps ? kernelsOf(native) : undefined;
}

function kernelsOf(native: NativeOps): FusedKernels {
  return {
    normalize: (x, gamma, beta, options) => fusedNormalize(native, x, gamma, beta, options),
    dense: (x, kernel, bias) => fusedDense(native, x, kernel, bias),
    biasGelu: (x, bias) => fusedBiasGelu(native, x, bias),
    attend: (heads, conditions) => fusedAttend(native, heads, conditions),
    attendPacked: (packed, conditions) => fusedAttendPacked(native, packed, conditions),
  };
}
