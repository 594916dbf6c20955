import type { ImageSource } from "../example-set";
import type { PhotoReader } from "../images/photo-reader";
import { type ImageLoader, imageLoader } from "./image-loader";
import { startImageWorker, workerPath } from "./image-worker-client";
import { type OutputSize, storeOf } from "./pipeline-store";
import type { ImageRecord } from "./preprocessing-record";

/** How images are made of files and kept; plain data, so that a worker can be given it. */
export interface LoaderPlan {
  readonly record: ImageRecord;
  /** What the record's ops make of every image. */
  readonly output: OutputSize;
  /** Whether they are kept in the user's cache and looked for there. */
  readonly isStored: boolean;
  /** Whether nothing else keeps them: a store that can't be written then ends the run. */
  readonly isStoreNeeded: boolean;
}

/** Fewer are decoded before a worker has started. */
const worthAWorker = 64;

/**
 * Loads in a thread of its own where there are enough files to decode: a training step keeps this one busy, and images
 * would wait for it at every turn of their way from disk to pixels. Pixels that are there already are processed here.
 */
export async function openImageLoader(plan: LoaderPlan, count: number, first: ImageSource): Promise<ImageLoader> {
  const path = count >= worthAWorker && "path" in first ? workerPath() : undefined;
  return path === undefined ? openLocalLoader(plan) : startImageWorker(path, plan);
}

/** `photos` is worth opening for many images. */
export async function openLocalLoader(
  { record, output, isStored, isStoreNeeded }: LoaderPlan,
  photos?: PhotoReader,
): Promise<ImageLoader> {
  const { width, height, channels } = output;
  const store = isStored ? await storeOf(record, output) : undefined;
  return imageLoader({ record, size: width * height * channels, store, isStoreNeeded, photos });
}
