import type { DeviceStage } from "../data/device-stage";
import { tf } from "../runtime/tf";
import type { HostTensor } from "../shared/host-tensor";
import { applyModel } from "./apply-model";
import { uploadTensor } from "./upload-tensor";

/**
 * The model's outputs for one batch, `[batch, ...]`, on the host: the same device stage as in training, no dropout, no
 * augmentation. `inputs` is `[batch, ...input shape]` as EncodedInputs gives it. Leaves no tensor.
 */
export function predictBatch(
  model: tf.LayersModel,
  deviceStage: DeviceStage,
  inputs: HostTensor,
): HostTensor<Float32Array> {
  const outputs = tf.tidy(() => applyModel(model, deviceStage(uploadTensor(inputs)), false).toFloat());
  try {
    return { data: outputs.dataSync() as Float32Array, shape: outputs.shape };
  } finally {
    outputs.dispose();
  }
}
