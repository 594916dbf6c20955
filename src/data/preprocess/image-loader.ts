import { explainWriteFailure } from "../cache/disk-cache";
import { identityAt, identityOf, type Key, keyOf } from "../cache/store/file-identity";
import { type Location, openPixelStore, type PixelStoreRequest } from "../cache/store/pixel-store";
import type { ImageSource } from "../example-set";
import { withImageFile } from "../images/decode-image";
import { forEachInParallel } from "../images/for-each-in-parallel";
import type { PhotoReader } from "../images/photo-reader";
import type { ImageRecord } from "./preprocessing-record";
import { processFile, processImage } from "./process-image";

export interface ImageRequest {
  /** Number in the set. */
  readonly example: number;
  readonly source: ImageSource;
  /** What a person calls it. */
  readonly origin: string;
}

/** Makes pixels of images: from the store where they are in it, else by decoding. */
export interface ImageLoader {
  /** The pixels of some images, one after the other. Throws DataError as processImage does, for the first that fails. */
  load(requests: readonly ImageRequest[], signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** Of all that was loaded. */
  counts(): LoadCounts;
  close(): Promise<void>;
}

export interface LoadCounts {
  /** Files read whole: to be decoded, or as nothing but their content could tell whether they are in the store. */
  readonly read: number;
  readonly decoded: number;
  /** In the store. */
  readonly found: number;
}

export interface LoaderRequest {
  readonly record: ImageRecord;
  /** Bytes of one processed image. */
  readonly size: number;
  /** Undefined: nothing is kept between runs. */
  readonly store?: PixelStoreRequest | undefined;
  /** Without the store images would be decoded anew in each epoch: a store that can't be written ends the run. */
  readonly isStoreNeeded: boolean;
  /** Reads what it can before sharp is asked. */
  readonly photos?: PhotoReader | undefined;
}

export function imageLoader({ record, size, store: storeRequest, isStoreNeeded, photos }: LoaderRequest): ImageLoader {
  const store = storeRequest && openPixelStore(storeRequest);
  const counts = { read: 0, decoded: 0, found: 0 };
  /** Within a run a file is taken not to change. */
  const known = new Map<number, Location>();
  let isStoreWritable = true;

  async function find(location: Location | undefined, example: number, target: Uint8Array): Promise<boolean> {
    if (location === undefined || !(await store?.read(location, target))) return false;
    known.set(example, location);
    counts.found++;
    return true;
  }

  async function keep(example: number, identity: Key | undefined, content: Key, pixels: Uint8Array): Promise<void> {
    if (!store || !isStoreWritable) return;
    try {
      known.set(example, await store.add(identity, content, pixels));
    } catch (error) {
      isStoreWritable = false;
      if (isStoreNeeded) throw explainWriteFailure(error, storeRequest?.root ?? "");
    }
  }

  function put(data: Uint8Array, target: Uint8Array, origin: string): void {
    if (data.length !== target.length) {
      throw new Error(`${origin} became ${data.length} bytes instead of ${target.length}`);
    }
    if (data !== target) target.set(data);
    counts.decoded++;
  }

  async function loadFile(path: string, { example, origin }: ImageRequest, target: Uint8Array): Promise<void> {
    if (store) {
      const identity = await identityAt(path);
      if (identity !== undefined && (await find(store.locate(identity), example, target))) return;
    }
    await withImageFile(path, origin, async (file, limits): Promise<true | undefined> => {
      counts.read++;
      const content = store && keyOf(file.bytes);
      const identity = store && identityOf(path, file.stats);
      if (store && content && (await find(store.locateContent(content), example, target))) {
        if (identity !== undefined && isStoreWritable) store.note(identity, content);
        return true;
      }
      const pixels = await processFile(file, origin, record, limits, { photos, target });
      if (!pixels) return undefined;
      put(pixels.data, target, origin);
      if (content) await keep(example, identity, content, pixels.data);
      return true;
    });
  }

  async function loadInto(request: ImageRequest, target: Uint8Array): Promise<void> {
    const { example, source, origin } = request;
    if (await find(known.get(example), example, target)) return;
    if ("path" in source) return loadFile(source.path, request, target);
    const content = store && keyOf(`${source.width} ${source.height} ${source.channels}\0`, source.pixels);
    if (store && content && (await find(store.locateContent(content), example, target))) return;
    const { data } = await processImage(source, origin, record);
    put(data, target, origin);
    if (content) await keep(example, undefined, content, data);
  }

  return {
    async load(requests, signal) {
      const all = new Uint8Array(requests.length * size);
      const task = (i: number) => loadInto(requests[i] as ImageRequest, all.subarray(i * size, (i + 1) * size));
      await forEachInParallel(requests.length, task, signal);
      return all;
    },
    counts: () => counts,
    async close() {
      await store?.close();
    },
  };
}
