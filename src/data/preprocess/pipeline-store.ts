import { join } from "node:path";
import { cacheLimit } from "../cache/cache-limit";
import { pixelFolder } from "../cache/choose-cache";
import { keyOf } from "../cache/store/file-identity";
import type { PixelStoreRequest } from "../cache/store/pixel-store";
import { imageLibraryVersions } from "../image-library-versions";
import type { ImageRecord } from "./preprocessing-record";

export interface OutputSize {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Goes up when the same record and libraries make other pixels. */
const pixelVersion = 1;

/** Where the pixels are kept that `record` makes: all that decides them is in the folder's name. */
export async function storeOf(record: ImageRecord, output: OutputSize): Promise<PixelStoreRequest> {
  const root = pixelFolder();
  const { decode, input, ops } = record;
  const { width, height, channels } = output;
  const description = {
    pixelVersion,
    decode,
    input,
    ops,
    width,
    height,
    channels,
    versions: await imageLibraryVersions(),
  };
  const name = Buffer.from(keyOf(JSON.stringify(description)), "latin1").toString("hex");
  const rowBytes = width * height * channels;
  return { folder: join(root, name), root, rowBytes, limitBytes: cacheLimit(root), description };
}
