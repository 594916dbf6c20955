import type { EncodedInputs } from "../data/encoded-inputs";
import type { ExampleInputs } from "../data/example-set";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import { DataError } from "../shared/errors";
import type { HostTensor } from "../shared/host-tensor";
import type { InputChunk, InputItem } from "./input-chunk";
import { locateWords } from "./locate-words";
import { stackTensors } from "./stack-tensors";
import { withoutPrefix } from "./without-prefix";

/** What the readers call an example; the user sees its name beside the problem. */
const example = "the input";

/**
 * Preprocesses the examples of `inputs`, which belong to those of `items` that have no problem, in their order. One that can't be
 * used becomes an item with a problem.
 */
export async function encodeChunk(
  items: readonly InputItem[],
  inputs: ExampleInputs | undefined,
  preprocessing: Preprocessing,
): Promise<InputChunk> {
  if (!inputs) return { items, inputs: undefined };
  const encoded = preprocessing.encode(inputs, { origin: () => example, cache: "none" });
  try {
    const results = await readEach(encoded, inputs.count);
    let index = 0;
    const described = items.map((item) => {
      if (item.problem !== undefined) return item;
      const result = results[index];
      if (typeof result === "string") {
        index++;
        return { ...item, problem: result };
      }
      return { ...item, ...interpretation(inputs, index++, preprocessing) };
    });
    return { items: described, inputs: stackTensors(results.filter((result) => typeof result === "object")) };
  } finally {
    await encoded.close();
  }
}

/** How the outputs for one example are to be read, where they are not simply classes or values. */
function interpretation(inputs: ExampleInputs, index: number, preprocessing: Preprocessing): Partial<InputItem> {
  if (inputs.kind === "text" && inputs.isTokenized) return { words: locateWords(inputs.text(index), preprocessing) };
  const { toOriginal } = preprocessing;
  return toOriginal ? { toOriginal: (outputs) => toOriginal(outputs, inputs, index) } : {};
}

/** All at once, as nearly always all are sound; else one by one. */
async function readEach(encoded: EncodedInputs, count: number): Promise<readonly (HostTensor | string)[]> {
  const all = Int32Array.from({ length: count }, (_, index) => index);
  const together = await orProblem(encoded.read(all));
  if (typeof together === "object") return all.length === 1 ? [together] : separate(together);
  if (count === 1) return [together];
  const results: (HostTensor | string)[] = [];
  for (const index of all) results.push(await orProblem(encoded.read(Int32Array.of(index))));
  return results;
}

function separate({ data, shape }: HostTensor): HostTensor[] {
  const [count = 0, ...inner] = shape;
  const size = data.length / count;
  return Array.from({ length: count }, (_, index) => ({
    data: data.subarray(index * size, (index + 1) * size),
    shape: [1, ...inner],
  }));
}

async function orProblem(reading: Promise<HostTensor>): Promise<HostTensor | string> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DataError) return withoutPrefix(error.message, `${example}: `);
    throw error;
  }
}
