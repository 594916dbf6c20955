import type { ExampleInputs } from "../data/example-set";
import { forEachInParallel } from "../data/images/for-each-in-parallel";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import { DataError } from "../shared/errors";
import type { HostTensor } from "../shared/host-tensor";
import type { FoundInput } from "./expand-inputs";
import type { InputChunk, InputItem } from "./input-chunk";
import { stackTensors } from "./stack-tensors";
import { withoutPrefix } from "./without-prefix";

interface ReadOptions {
  readonly chunkSize: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes and preprocesses image files as training did, a chunk at a time. A file that can't be read becomes an item
 * with a problem; the rest of its chunk is read all the same.
 */
export async function* readImages(
  files: readonly FoundInput[],
  preprocessing: Preprocessing,
  { chunkSize, signal }: ReadOptions,
): AsyncGenerator<InputChunk, void, undefined> {
  const pathOf = (index: number) => files[index]?.input ?? "";
  const inputs: ExampleInputs = { kind: "image", count: files.length, image: (index) => ({ path: pathOf(index) }) };
  // Each image is seen once, so nothing is worth keeping.
  const encoded = preprocessing.encode(inputs, { origin: pathOf, cache: "none" });
  try {
    for (let start = 0; start < files.length; start += chunkSize) {
      signal?.throwIfAborted();
      const chunk = files.slice(start, start + chunkSize);
      const read: (HostTensor | string)[] = chunk.map(({ problem = "" }) => problem);
      const readOne = async (offset: number) => {
        if (read[offset] === "") read[offset] = await orProblem(encoded.read(Int32Array.of(start + offset), signal));
      };
      await forEachInParallel(chunk.length, readOne, signal);
      const items = chunk.map(({ input }, offset) => describe(input, read[offset]));
      yield { items, inputs: stackTensors(read.filter((result) => typeof result === "object")) };
    }
  } finally {
    await encoded.close();
  }
}

/** Bad input is a result like any other; everything else is a failure of the whole. */
async function orProblem(reading: Promise<HostTensor>): Promise<HostTensor | string> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}

function describe(input: string, result: HostTensor | string | undefined): InputItem {
  if (typeof result !== "string") return { name: { input } };
  return { name: { input }, problem: withoutPrefix(result, `${input}: `) };
}
