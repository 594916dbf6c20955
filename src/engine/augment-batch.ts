import type { HostBatch } from "../data/batches/host-batch";
import { setRandomStep, stepSeeds } from "../model/random-step";
import { tf } from "../runtime/tf";
import { deriveSeed } from "../shared/derive-seed";
import type { HostTensor } from "../shared/host-tensor";
import { encodeTargets } from "./encode-targets";
import type { TrainingProgram } from "./engine";
import { uploadTensor } from "./upload-tensor";

/** The inputs of `batch` as the step after `step` updates would see them: augmented, not yet normalized; pixels in 0..255. */
export function augmentBatch(program: TrainingProgram, batch: HostBatch, step: number): HostTensor {
  const { augmentation, seed } = program;
  if (!augmentation) return batch.inputs;
  setRandomStep(step);
  return tf.tidy(() => {
    const targets = encodeTargets(program, uploadTensor(batch.targets));
    const seeds = stepSeeds(deriveSeed(seed, "augmentation"));
    const { inputs } = augmentation({ inputs: uploadTensor(batch.inputs), targets }, seeds);
    return { data: Float32Array.from(inputs.dataSync()), shape: [...inputs.shape] };
  });
}
