import type { Pixels } from "../../data/images/define-image-op";
import { encodePng } from "../../data/images/encode-png";
import { augmentBatch } from "../../engine/augment-batch";
import { epochBatches } from "../epoch-batches";
import type { TrainingSetup } from "../training-setup";
import type { EventImage } from "./event-messages";

/**
 * The first `count` pictures of the first epoch as the model is trained with them, after preprocessing and augmentation and before
 * normalization, by tag; none where the inputs are no pictures.
 */
export async function sampleImages(setup: TrainingSetup, count: number): Promise<Record<string, EventImage>> {
  const { data, program } = setup;
  if (count === 0 || data.set.inputs.kind !== "image") return {};
  const images: Record<string, EventImage> = {};
  for await (const batch of epochBatches(setup, 0)) {
    // The whole batch: what is drawn for one picture depends on how many there are.
    const { data: pixels, shape } = augmentBatch(program, batch, 0);
    const [size, height, width, channels] = shape as [number, number, number, 1 | 3];
    const length = height * width * channels;
    for (let index = 0; index < Math.min(count, size); index++) {
      const part = Uint8Array.from(pixels.subarray(index * length, (index + 1) * length), toByte);
      const picture: Pixels = { data: part, width, height, channels };
      images[`training_images/${index}`] = { width, height, channels, png: await encodePng(picture) };
    }
    break;
  }
  return images;
}

const toByte = (value: number) => Math.round(Math.min(255, Math.max(0, value)));
