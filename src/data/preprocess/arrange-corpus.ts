import { DataError } from "../../shared/errors";
import type { ExampleSet, SplitIndices, SplitName } from "../example-set";
import type { Tokenizer } from "../text/tokenizer";
import { noTarget } from "./arrange-tags";
import type { ArrangedExamples } from "./define-preprocessing";
import type { TokensRecord } from "./preprocessing-record";
import { type Run, splitRuns } from "./split-runs";
import { isCorpusSet } from "./uncut-sets";

const names = ["train", "validation", "test"] as const satisfies readonly SplitName[];

/** A window of `length` tokens whose next tokens are predicted, but for the first `known`, which another window predicts. */
interface TokenWindow {
  readonly start: number;
  readonly known: number;
}

interface CorpusEncoder {
  readonly tokenizer: Tokenizer;
  /** Ids of each of these texts. */
  encode(texts: readonly string[]): readonly Int32Array[];
}

/**
 * Cuts a corpus into windows of tokens; at each step the next token is to be predicted. Each split is tokenized by itself. Training windows
 * are `stride` tokens apart. Validation and test windows stand side by side and predict every token but the first
 * once: the last window overlaps the one before it, and what that has predicted is left out. A set that is no corpus is given back.
 */
export function arrangeCorpus(
  set: ExampleSet,
  splits: SplitIndices,
  { window: { length, stride } }: TokensRecord,
  { tokenizer, encode }: CorpusEncoder,
): ArrangedExamples {
  if (!isCorpusSet(set)) return { set, splits, warnings: [] };
  const { inputs } = set;
  const runs = splitRuns(splits, set.windows);
  const parts: Int32Array[] = [];
  const windows: TokenWindow[] = [];
  const splitOf: SplitName[] = [];
  const indices = {} as Record<SplitName, Int32Array>;
  const all = names.flatMap((name) => runs[name]);
  const encoded = encode(all.map(({ start, end }) => inputs.text(start, end)));
  let count = 0;
  for (const name of names) {
    const first = windows.length;
    for (const _ of runs[name]) {
      const tokens = encoded[parts.length] as Int32Array;
      const run = { start: count, end: count + tokens.length };
      windows.push(...(name === "train" ? trainingWindows(run, length, stride) : coveringWindows(run, length)));
      parts.push(tokens);
      count += tokens.length;
    }
    indices[name] = Int32Array.from({ length: windows.length - first }, (_, index) => first + index);
    for (let index = first; index < windows.length; index++) splitOf.push(name);
  }
  const tokens = join(parts, count);
  const starts = Int32Array.from(windows, ({ start }) => start);
  const { origin, ...rest } = set;
  return {
    set: {
      ...rest,
      inputs: { kind: "tokens", count: windows.length, length, tokens, starts },
      targets: {
        kind: "sequence",
        labels: tokenizer.tokens,
        length,
        steps: (example) => nextTokens(tokens, windows[example] as TokenWindow, length),
      },
      count: windows.length,
      ownSplit: (index) => splitOf[index],
      origin: (index) => `${splitOf[index]} tokens from ${starts[index]}`,
    },
    splits: indices,
    warnings: requireWindows(indices, runs, length),
  };
}

function trainingWindows({ start, end }: Run, length: number, stride: number): TokenWindow[] {
  const count = Math.max(0, Math.floor((end - start - length - 1) / stride) + 1);
  return Array.from({ length: count }, (_, index) => ({ start: start + index * stride, known: 0 }));
}

function coveringWindows({ start, end }: Run, length: number): TokenWindow[] {
  const windows = trainingWindows({ start, end }, length, length);
  const covered = start + windows.length * length;
  const left = end - 1 - covered;
  if (windows.length > 0 && left > 0) windows.push({ start: end - 1 - length, known: length - left });
  return windows;
}

/** A view of the tokens where all of them count. */
function nextTokens(tokens: Int32Array, { start, known }: TokenWindow, length: number): Int32Array {
  const next = tokens.subarray(start + 1, start + 1 + length);
  return known === 0 ? next : next.map((token, index) => (index < known ? noTarget : token));
}

function join(parts: readonly Int32Array[], count: number): Int32Array {
  const tokens = new Int32Array(count);
  let offset = 0;
  for (const part of parts) {
    tokens.set(part, offset);
    offset += part.length;
  }
  return tokens;
}

function requireWindows(
  indices: SplitIndices,
  runs: Readonly<Record<SplitName, readonly Run[]>>,
  length: number,
): string[] {
  if (indices.train.length === 0 && runs.train.length > 0) {
    throw new DataError(
      `The training split has fewer than the ${length + 1} tokens of a window and the token after it`,
      {
        hint: "Make data.window.length smaller, or add text.",
      },
    );
  }
  return (["validation", "test"] as const)
    .filter((name) => indices[name].length === 0 && runs[name].length > 0)
    .map((name) => `the ${name} split has fewer than ${length + 1} tokens, too few for a window: it is empty`);
}
