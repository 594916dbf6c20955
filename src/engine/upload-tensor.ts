import { uploadBytes } from "../runtime/native-ops";
import { tf } from "../runtime/tf";
import type { HostTensor } from "../shared/host-tensor";

/**
 * `host` on the device: bytes as float32 in 0..255, float32 and int32 as they are. `host` must not change until the tensor is
 * disposed, which is the caller's part (inside `tf.tidy` it is tidied).
 */
export function uploadTensor({ data, shape }: HostTensor): tf.Tensor {
  if (data instanceof Uint8Array) return uploadBytes(data, shape);
  return tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32");
}
