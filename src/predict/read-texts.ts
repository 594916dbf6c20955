import type { Preprocessing } from "../data/preprocess/preprocessing";
import { readTextFile } from "../data/text/read-text-file";
import { DataError } from "../shared/errors";
import { encodeChunk } from "./encode-chunk";
import type { FoundInput } from "./expand-inputs";
import type { InputChunk, InputItem } from "./input-chunk";
import { withoutPrefix } from "./without-prefix";

interface ReadOptions {
  readonly chunkSize: number;
  /** Whether each word of a text has a label of its own. */
  readonly isTokenized: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Reads texts, which were given or are whole files, a chunk at a time. A file that can't be read becomes an item with a problem. */
export async function* readTexts(
  inputs: readonly FoundInput[],
  preprocessing: Preprocessing,
  { chunkSize, isTokenized, signal }: ReadOptions,
): AsyncGenerator<InputChunk, void, undefined> {
  for (let start = 0; start < inputs.length; start += chunkSize) {
    signal?.throwIfAborted();
    const items: InputItem[] = [];
    const texts: string[] = [];
    for (const found of inputs.slice(start, start + chunkSize)) {
      const result = await textOf(found, signal);
      if ("text" in result) texts.push(result.text);
      items.push({ name: { input: found.input }, ...("problem" in result ? result : {}) });
    }
    const count = texts.length;
    const examples = { kind: "text" as const, count, text: (index: number) => texts[index] as string, isTokenized };
    yield await encodeChunk(items, count === 0 ? undefined : examples, preprocessing);
  }
}

/** The text of an input: what was given, or what the file holds, without the line break that ends a file. */
export async function textOf(
  { input, text, problem }: FoundInput,
  signal: AbortSignal | undefined,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  if (problem !== undefined) return { problem };
  if (text !== undefined) return { text };
  try {
    return { text: (await readTextFile(input, signal)).replace(/\n$/, "") };
  } catch (error) {
    if (error instanceof DataError) return { problem: withoutPrefix(error.message, `${input}: `) };
    throw error;
  }
}
