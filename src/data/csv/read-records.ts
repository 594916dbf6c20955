import { createReadStream } from "node:fs";
import { CsvError, type InfoRecord, parse } from "csv-parse";
import { DataError } from "../../shared/errors";
import { explainReadError } from "../explain-read-error";
import { parseJsonLines } from "./parse-json-lines";
import { parseTabs } from "./parse-tabs";
import { requireText } from "./require-text";
import type { TableFormat } from "./table-format";

/** One record of a table's file; with a header the first holds the names. */
export interface TableRecord {
  readonly fields: string[];
  /** Number of the line where it ends, from 1. */
  readonly line: number;
}

/**
 * The records of a file one after the other, never the whole file in memory. A byte-order mark, CRLF, empty lines and
 * quoted newlines are read. JSON lines give their keys as the first record. Throws DataError naming the line.
 */
export async function* readRecords(
  path: string,
  format: TableFormat,
  signal?: AbortSignal,
): AsyncGenerator<TableRecord, void, undefined> {
  await requireText(path).catch((error: unknown) => {
    throw explainReadError(error, path, "file");
  });
  const source = createReadStream(path, { highWaterMark: 1 << 18, signal });
  try {
    if (format === "jsonl") yield* parseJsonLines(source, path);
    else if (format === "tsv") yield* parseTabs(source, path);
    else yield* parseCommas(source);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof CsvError ? explainCsvError(error, path) : explainReadError(error, path, "file");
  } finally {
    source.destroy();
  }
}

async function* parseCommas(source: NodeJS.ReadableStream): AsyncGenerator<TableRecord> {
  const parser = parse({ bom: true, info: true, skip_empty_lines: true });
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  for await (const { record, info } of parser as AsyncIterable<{
    record: string[];
    info: InfoRecord & { lines: number };
  }>) {
    yield { fields: record, line: info.lines };
  }
}

const hints: Partial<Record<CsvError["code"], string>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH:
    "Each row needs as many fields as the first; a field with the delimiter in it needs quotes.",
  CSV_QUOTE_NOT_CLOSED: "A quote opens a field there and is never closed.",
  INVALID_OPENING_QUOTE: 'A field with a quote in it needs quotes around it, and the quote doubled: "a ""b""".',
  CSV_INVALID_CLOSING_QUOTE: 'A quote inside a quoted field is written twice: "a ""b""".',
};

function explainCsvError(error: CsvError, path: string): DataError {
  const hint = hints[error.code];
  return new DataError(`${path}: ${error.message}`, { cause: error, ...(hint ? { hint } : {}) });
}
