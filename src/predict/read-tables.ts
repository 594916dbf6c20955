import { rm } from "node:fs/promises";
import { extname } from "node:path";
import { readUnlabelled, type UnlabelledLayout } from "../data/csv/read-unlabelled";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import { DataError } from "../shared/errors";
import { encodeChunk } from "./encode-chunk";
import type { FoundInput } from "./expand-inputs";
import type { InputChunk, InputItem } from "./input-chunk";
import { writeTemporaryTable } from "./temporary-table";
import { withoutPrefix } from "./without-prefix";

interface ReadOptions {
  readonly chunkSize: number;
  readonly signal?: AbortSignal | undefined;
}

const knownEndings = new Set([".csv", ".tsv", ".tab", ".jsonl", ".ndjson"]);

/** Whether a file is a table by its ending. */
export function hasTableEnding(path: string): boolean {
  return knownEndings.has(extname(path).toLowerCase());
}

/**
 * Reads tables one after the other, a chunk of rows at a time; a table of sequences, or for a forecast, at once. What can't be used, or a
 * table that can't be read, becomes an item with a problem.
 */
export async function* readTables(
  files: readonly FoundInput[],
  layout: UnlabelledLayout,
  preprocessing: Preprocessing,
  options: ReadOptions,
): AsyncGenerator<InputChunk, void, undefined> {
  for (const { input, problem, jsonLines } of files) {
    if (problem !== undefined) yield failed(input, problem);
    else if (jsonLines === undefined) yield* readTable(input, input, layout, preprocessing, options);
    else yield* readJsonLines(input, jsonLines, layout, preprocessing, options);
  }
}

async function* readJsonLines(
  input: string,
  text: string,
  layout: UnlabelledLayout,
  preprocessing: Preprocessing,
  options: ReadOptions,
): AsyncGenerator<InputChunk, void, undefined> {
  const { path, folder } = await writeTemporaryTable(text);
  try {
    yield* readTable(input, path, layout, preprocessing, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `path` is where the table called `input` is. */
async function* readTable(
  input: string,
  path: string,
  layout: UnlabelledLayout,
  preprocessing: Preprocessing,
  options: ReadOptions,
): AsyncGenerator<InputChunk, void, undefined> {
  try {
    const format = hasTableEnding(path) ? undefined : layout.format;
    for await (const { items, inputs } of readUnlabelled(path, { ...layout, format }, options)) {
      const named = items.map(({ problem, sequence, row }): InputItem => {
        const name = { input, row, ...(sequence === undefined ? {} : { sequence }) };
        return { name, ...(problem === undefined ? {} : { problem }) };
      });
      yield await encodeChunk(named, inputs, preprocessing);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof DataError)) throw error;
    yield failed(input, withoutPrefix(error.message, `${path}: `).replaceAll(path, input));
  }
}

export function failed(input: string, problem: string): InputChunk {
  return { items: [{ name: { input }, problem: withoutPrefix(problem, `${input}: `) }], inputs: undefined };
}
