import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../checkpoint/atomic-file";
import { writing } from "../checkpoint/explain-write-error";
import { runFiles } from "../checkpoint/run-folder";
import { ModelFolderError } from "../shared/errors";
import type { Figures } from "./events";

/** One epoch, as a line of history.jsonl. */
export interface HistoryEntry {
  readonly epoch: number;
  /** Updates done at its end. */
  readonly step: number;
  readonly metrics: Figures;
  readonly learningRate: number;
  readonly seconds: number;
}

const entrySchema = z.object({
  epoch: z.int().positive(),
  step: z.int().nonnegative(),
  learningRate: z.number(),
  seconds: z.number(),
  // JSON has no NaN.
  metrics: z.record(
    z.string(),
    z
      .number()
      .nullable()
      .transform((value) => value ?? Number.NaN),
  ),
});

/** What every epoch came to, in `history.jsonl` of a run: a line an epoch. */
export class History {
  private constructor(
    private readonly path: string,
    private readonly list: HistoryEntry[],
  ) {}

  /** The first `epochs` epochs of the run in `folder`; later lines, which no checkpoint knows of, are dropped. */
  static async open(folder: string, epochs: number): Promise<History> {
    const path = join(folder, runFiles.history);
    const text = epochs === 0 ? "" : await readFile(path, "utf8").catch(() => "");
    const lines = text.split("\n").slice(0, epochs);
    const entries = lines.map((line, index) => parseLine(path, line, index));
    if (entries.length < epochs) {
      throw new ModelFolderError(`${path} is damaged: it has ${entries.length} of ${epochs} epochs`);
    }
    await writeFileAtomically(path, lines.map((line) => `${line}\n`).join(""));
    return new History(path, entries);
  }

  get entries(): readonly HistoryEntry[] {
    return this.list;
  }

  async append(entry: HistoryEntry): Promise<void> {
    this.list.push(entry);
    await writing(this.path, () => appendFile(this.path, `${JSON.stringify(entry)}\n`, { flush: true }));
  }
}

/** What is in the history of the run in `folder`; nothing where there is none. Throws ModelFolderError for a damaged one. */
export async function readHistory(folder: string): Promise<HistoryEntry[]> {
  const path = join(folder, runFiles.history);
  const lines = (await readFile(path, "utf8").catch(() => "")).split("\n");
  return lines.filter((line) => line !== "").map((line, index) => parseLine(path, line, index));
}

function parseLine(path: string, line: string, index: number): HistoryEntry {
  try {
    const entry = entrySchema.parse(JSON.parse(line));
    if (entry.epoch === index + 1) return entry;
  } catch {
    // Said below.
  }
  throw new ModelFolderError(`${path} is damaged: line ${index + 1} is not that of epoch ${index + 1}`);
}
