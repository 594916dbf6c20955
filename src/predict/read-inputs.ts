import type { ModelDescription } from "../checkpoint/model-description";
import type { UnlabelledLayout } from "../data/csv/read-unlabelled";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import { unsoundRecord } from "../data/preprocess/preprocessing-record";
import type { FoundInput } from "./expand-inputs";
import type { InputChunk } from "./input-chunk";
import { readImages } from "./read-images";
import { hasTableEnding, readTables } from "./read-tables";
import { readTexts } from "./read-texts";

interface ReadOptions {
  readonly chunkSize: number;
  readonly signal?: AbortSignal;
}

/** Reads what the model takes: image files, texts, or the rows of tables laid out as in training. */
export async function* readInputs(
  files: readonly FoundInput[],
  description: Pick<ModelDescription, "config" | "task">,
  preprocessing: Preprocessing,
  options: ReadOptions,
): AsyncGenerator<InputChunk, void, undefined> {
  const { kind } = preprocessing.record;
  if (kind === "image") return yield* readImages(files, preprocessing, options);
  const layout = await tableLayout(description, preprocessing);
  if (kind !== "text") return yield* readTables(files, layout, preprocessing, options);
  const isTokenized = description.task === "tokens";
  for (const run of runsOf(files, isTable)) {
    if (run.some(isTable)) yield* readTables(run, layout, preprocessing, options);
    else yield* readTexts(run, preprocessing, { ...options, isTokenized });
  }
}

const isTable = ({ input, text, jsonLines }: FoundInput) =>
  text === undefined && (jsonLines !== undefined || hasTableEnding(input));

/** The list cut where `test` changes. */
function runsOf<Value>(list: readonly Value[], test: (value: Value) => boolean): Value[][] {
  const runs: Value[][] = [];
  for (const [index, value] of list.entries()) {
    const previous = list[index - 1];
    if (previous !== undefined && test(previous) === test(value)) runs.at(-1)?.push(value);
    else runs.push([value]);
  }
  return runs;
}

/** How the model's tables are read: as in training. */
async function tableLayout(
  { config }: Pick<ModelDescription, "config">,
  { record }: Preprocessing,
): Promise<UnlabelledLayout> {
  // All that a config may hold takes time to load, and images need none of it.
  const { configSchema } = await import("../config/config-schema.js");
  const { success, data: parsed } = configSchema.safeParse(config);
  if (!success || parsed.data.source !== "csv") throw unsoundRecord("its config names no table");
  const { columns, header, format, missing } = parsed.data;
  // A range of columns was found once, in the table that the model was trained on.
  const found =
    record.kind === "vector"
      ? record.names
      : record.kind === "window" || columns.sequence
        ? channelsOf(record)
        : undefined;
  return {
    columns: { ...columns, ...(found ? { features: [...found] } : {}) },
    header,
    format,
    fill: typeof missing === "number" ? missing : undefined,
    windowLength: record.kind === "window" ? record.window.length : undefined,
  };
}

function channelsOf(record: Preprocessing["record"]): readonly string[] | undefined {
  return "channels" in record ? record.channels : undefined;
}
