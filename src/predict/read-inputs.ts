import type { ModelDescription } from "../checkpoint/model-description";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import type { FoundInput } from "./expand-inputs";
import type { InputChunk } from "./input-chunk";
import { readImages } from "./read-images";
import { readTables, type TableLayout } from "./read-tables";

/** Reads what the model takes: image files, or the rows of tables laid out as in training. */
export function readInputs(
  files: readonly FoundInput[],
  { config }: Pick<ModelDescription, "config">,
  preprocessing: Preprocessing,
  options: { readonly chunkSize: number; readonly signal?: AbortSignal },
): AsyncGenerator<InputChunk, void, undefined> {
  const { record } = preprocessing;
  if (record.kind === "image") return readImages(files, preprocessing, options);
  if (record.kind === "vector") return readTables(files, tableLayout(record.names, config), preprocessing, options);
  throw new Error(`There is no reader of ${record.kind} inputs`);
}

/** The config was validated when the model was trained; here only what it says about tables is looked at. */
function tableLayout(features: readonly string[], config: ModelDescription["config"]): TableLayout {
  const { header, format, missing } = Object(config.data) as Record<string, unknown>;
  return {
    features,
    header: header !== false,
    format: format === "csv" || format === "tsv" || format === "jsonl" ? format : undefined,
    fill: typeof missing === "number" ? missing : undefined,
  };
}
