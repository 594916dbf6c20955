import { basename, resolve } from "node:path";
import { z } from "zod";
import { DataError } from "../../shared/errors";
import type { ExampleSet, SplitName } from "../example-set";
import { type CodePoints, codePoints } from "../text/code-points";
import { readTextFile } from "../text/read-text-file";
import { defineSource } from "./define-source";
import { tokenWindowSchema } from "./window-config";

const file = z.string().min(1);

const options = {
  path: file.describe("The text: one file in UTF-8."),
  validation: file.optional().describe("Text of the validation split."),
  test: file.optional().describe("Text of the test split."),
  window: tokenWindowSchema,
};

export const text = defineSource({
  type: "text",
  description: "One text, for a language model: at each token the next one is predicted.",
  options,
  paths: ["path", "validation", "test"],
  async open({ path, validation, test, window }, { baseFolder, signal }) {
    const parts: Part[] = [];
    const files = [
      [path, undefined],
      [validation, "validation"],
      [test, "test"],
    ] as const;
    let start = 0;
    for (const [given, split] of files) {
      if (given === undefined) continue;
      const part = await readPart(resolve(baseFolder, given), split, start, signal);
      parts.push(part);
      start = part.end;
    }
    return combine(parts, window);
  },
});

/** A file, and the place that its characters have among those of all. */
interface Part {
  readonly path: string;
  readonly split: SplitName | undefined;
  readonly characters: CodePoints;
  readonly start: number;
  readonly end: number;
}

async function readPart(
  path: string,
  split: SplitName | undefined,
  start: number,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const characters = codePoints(await readTextFile(path, signal));
  if (characters.count === 0) throw new DataError(`${path} is empty`, { hint: "A language model needs text." });
  return { path, split, characters, start, end: start + characters.count };
}

function combine(parts: readonly Part[], { length, stride = length }: z.output<typeof tokenWindowSchema>): ExampleSet {
  const count = parts.at(-1)?.end ?? 0;
  const numberOf = (index: number) => parts.findIndex(({ end }) => index < end);
  return {
    inputs: {
      kind: "corpus",
      count,
      text: (start, end) =>
        parts
          .filter((part) => part.start < end && part.end > start)
          .map((part) => part.characters.slice(Math.max(0, start - part.start), Math.min(part.end, end) - part.start))
          .join(""),
    },
    // Which tokens there are is known once the tokenizer is trained.
    targets: { kind: "sequence", labels: [], length: null, steps: () => new Int32Array() },
    count,
    task: "languageModel",
    windows: { length, horizon: 1, stride, segment: numberOf },
    ownSplit: (index) => parts[numberOf(index)]?.split,
    origin: (index) => {
      const part = parts[numberOf(index)];
      return `${basename(part?.path ?? "")} character ${index - (part?.start ?? 0) + 1}`;
    },
    warnings: [],
  };
}
