import type { NativeBinding } from "../../runtime/native-backend";
import { nativeBackend } from "../../runtime/native-ops";
import { isHalf, type Precision } from "../../runtime/precision";
import { fuseBatchNorms } from "./fuse-batch-norms";
import { fuseConvolutions } from "./fuse-convolutions";
import { halveRecording } from "./halve-recording";
import type { Recording } from "./recording";
import { opsWithParts, setParts } from "./set-parts";

/** The recording as it is best run here: with our own operations where they are loaded, and in this precision. */
export function optimizeRecording(
  recording: Recording,
  binding: NativeBinding,
  precision: Precision = "float32",
): Recording {
  const own = nativeBackend()?.hasOwnOps ? useOwnOps(recording, binding, precision) : recording;
  return isHalf(precision) ? halveRecording(own, precision, binding) : own;
}

function useOwnOps(recording: Recording, binding: NativeBinding, precision: Precision): Recording {
  // TensorFlow's convolution computes in half what ours could only do in float32.
  const isFused = !isHalf(precision) || opsWithParts.has("DlctlConvolution");
  const fused = fuseBatchNorms(isFused ? fuseConvolutions(recording, binding) : recording);
  return setParts(fused, precision, binding);
}
