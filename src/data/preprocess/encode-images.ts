import { type CacheMode, choosePixelCache } from "../cache/choose-cache";
import type { EncodedInputs } from "../encoded-inputs";
import type { ExampleInputs } from "../example-set";
import { forEachInParallel } from "../images/for-each-in-parallel";
import type { ImageRecord } from "./preprocessing-record";
import { processImage } from "./process-image";

interface EncodeImagesRequest {
  readonly inputs: Extract<ExampleInputs, { kind: "image" }>;
  readonly record: ImageRecord;
  /** What the record's ops make of every image. */
  readonly output: { readonly width: number; readonly height: number; readonly channels: 1 | 3 };
  readonly cache: CacheMode;
  origin(index: number): string;
}

/** Images as uint8 `[height, width, channels]`, decoded and processed at the first read and kept in the cache. */
export function encodeImages({ inputs, record, output, cache: mode, origin }: EncodeImagesRequest): EncodedInputs {
  const { width, height, channels } = output;
  const shape = [height, width, channels];
  const size = height * width * channels;
  // Pixels that are in memory and stay as they are need no copy.
  const isInMemory = inputs.count > 0 && "pixels" in inputs.image(0) && record.ops.length === 0;
  const cache = choosePixelCache(isInMemory ? "none" : mode, { count: inputs.count, size });

  async function readInto(target: Uint8Array, example: number): Promise<void> {
    if (await cache?.read(example, target)) return;
    const { data } = await processImage(inputs.image(example), origin(example), record);
    if (data.length !== size) throw new Error(`${origin(example)} became ${data.length} bytes instead of ${size}`);
    target.set(data);
    await cache?.write(example, data);
  }

  return {
    shape,
    dtype: "uint8",
    async read(examples, signal) {
      const data = new Uint8Array(examples.length * size);
      const task = (i: number) => readInto(data.subarray(i * size, (i + 1) * size), examples[i] as number);
      await forEachInParallel(examples.length, task, signal);
      return { data, shape: [examples.length, ...shape] };
    },
    async close() {
      await cache?.close();
    },
  };
}
