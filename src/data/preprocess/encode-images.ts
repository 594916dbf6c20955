import { type CacheMode, pixelFolder, planCache } from "../cache/choose-cache";
import { diskCache } from "../cache/disk-cache";
import { memoryCache } from "../cache/memory-cache";
import type { PixelCache } from "../cache/pixel-cache";
import type { EncodedInputs } from "../encoded-inputs";
import type { ExampleInputs, ImageSource } from "../example-set";
import type { ImageLoader } from "./image-loader";
import { openImageLoader } from "./open-image-loader";
import type { ImageRecord } from "./preprocessing-record";

interface EncodeImagesRequest {
  readonly inputs: Extract<ExampleInputs, { kind: "image" }>;
  readonly record: ImageRecord;
  /** What the record's ops make of every image. */
  readonly output: { readonly width: number; readonly height: number; readonly channels: 1 | 3 };
  readonly cache: CacheMode;
  readonly isReadOnce: boolean;
  origin(index: number): string;
}

/** Images as uint8 `[height, width, channels]`, decoded and processed at the first read and kept in the cache. */
export function encodeImages({
  inputs,
  record,
  output,
  cache: mode,
  isReadOnce,
  origin,
}: EncodeImagesRequest): EncodedInputs {
  const { width, height, channels } = output;
  const shape = [height, width, channels];
  const size = height * width * channels;
  const extent = { count: inputs.count, size };
  const hasPixels = isInMemory(inputs, record);
  const planned = planCache(hasPixels ? "none" : mode, extent);
  const plan = isReadOnce ? { ...planned, run: undefined } : planned;
  const kept: PixelCache | undefined =
    plan.run === "memory" ? memoryCache(extent) : plan.run === "disk" ? diskCache(extent, pixelFolder()) : undefined;
  let opening: Promise<ImageLoader> | undefined;

  function openLoader(first: ImageSource): Promise<ImageLoader> {
    const loaderPlan = {
      record,
      output,
      isStored: plan.isStored,
      isStoreNeeded: plan.run === undefined && !isReadOnce,
    };
    return openImageLoader(loaderPlan, inputs.count, first);
  }

  /** From the loader: the pixels of the examples at these positions. */
  async function load(positions: readonly number[], examples: Int32Array, signal: AbortSignal | undefined) {
    const requests = positions.map((position) => {
      const example = examples[position] as number;
      return { example, source: inputs.image(example), origin: origin(example) };
    });
    const [first] = requests;
    if (!first) return new Uint8Array();
    opening ??= openLoader(first.source);
    const loader = await opening;
    return loader.load(requests, signal);
  }

  /** From memory or the run's file what is there, else from the loader, to be kept. */
  async function gather(examples: Int32Array, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const data = new Uint8Array(examples.length * size);
    const rowOf = (position: number) => data.subarray(position * size, (position + 1) * size);
    const missing: number[] = [];
    for (const [position, example] of examples.entries()) {
      if (copyAsIs(example, rowOf(position)) || (await kept?.read(example, rowOf(position)))) continue;
      missing.push(position);
    }
    if (missing.length === 0) return data;
    const loaded = await load(missing, examples, signal);
    for (const [index, position] of missing.entries()) {
      const row = loaded.subarray(index * size, (index + 1) * size);
      rowOf(position).set(row);
      await kept?.write(examples[position] as number, row);
    }
    return data;
  }

  /** Copies pixels that are in memory already and stay as they are. */
  function copyAsIs(example: number, target: Uint8Array): boolean {
    if (!hasPixels) return false;
    const source = inputs.image(example);
    if (!("pixels" in source) || source.width !== width || source.height !== height) return false;
    if (source.channels !== channels) return false;
    target.set(source.pixels);
    return true;
  }

  return {
    shape,
    dtype: "uint8",
    async read(examples, signal) {
      const data =
        kept || hasPixels ? await gather(examples, signal) : await load(Array.from(examples.keys()), examples, signal);
      return { data, shape: [examples.length, ...shape] };
    },
    async close() {
      const loader = await opening?.catch(() => undefined);
      opening = undefined;
      await loader?.close();
      await kept?.close();
    },
  };
}

function isInMemory(inputs: EncodeImagesRequest["inputs"], { ops }: ImageRecord): boolean {
  return inputs.count > 0 && "pixels" in inputs.image(0) && ops.length === 0;
}
