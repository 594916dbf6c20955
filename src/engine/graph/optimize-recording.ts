import type { NativeBinding } from "../../runtime/native-backend";
import { nativeBackend } from "../../runtime/native-ops";
import { isHalf, type Precision } from "../../runtime/precision";
import { fuseBatchNorms } from "./fuse-batch-norms";
import { fuseConvolutions } from "./fuse-convolutions";
import { fuseGradientSums } from "./fuse-gradient-sums";
import { halveRecording } from "./halve-recording";
import type { Recording } from "./recording";
import { setParts } from "./set-parts";

/** The recording as it is best run here: with our own operations where they are loaded, and in this precision. */
export function optimizeRecording(
  recording: Recording,
  binding: NativeBinding,
  precision: Precision = "float32",
): Recording {
  const backend = nativeBackend();
  const own = backend?.hasOwnOps ? useOwnOps(recording, binding, precision, backend.hasTiles) : recording;
  return isHalf(precision) ? halveRecording(own, precision, binding) : own;
}

function useOwnOps(recording: Recording, binding: NativeBinding, precision: Precision, hasTiles: boolean): Recording {
  // TensorFlow's convolution computes in half what ours could only do in float32 without tiles.
  const isFused = !isHalf(precision) || hasTiles;
  const fused = fuseBatchNorms(isFused ? fuseConvolutions(recording, binding, hasTiles) : recording);
  return setParts(fuseGradientSums(fused), precision, binding);
}
