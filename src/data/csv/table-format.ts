import { extname } from "node:path";
import { z } from "zod";

export const tableFormat = z.enum(["csv", "tsv", "jsonl"]);

export type TableFormat = z.output<typeof tableFormat>;

const formats: Record<string, TableFormat> = { ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl" };

/** What a file's ending says: tab, JSON lines, and anything else comma. */
export function formatOf(path: string): TableFormat {
  return formats[extname(path).toLowerCase()] ?? "csv";
}
