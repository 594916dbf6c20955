import type { CacheMode } from "../cache/choose-cache";
import type { EncodedInputs } from "../encoded-inputs";
import type { TokenizeConfig } from "../text/tokenize-config";
import { restoreTokenizer, type Tokenizer } from "../text/tokenizer";
import { arrangeCorpus } from "./arrange-corpus";
import type { InputsOf, Preprocessing } from "./define-preprocessing";
import { findKeptLists, trainKeptTokenizer } from "./kept-tokens";
import type { PreprocessConfig } from "./preprocess-config";
import type { TokensRecord } from "./preprocessing-record";
import { splitRuns } from "./split-runs";
import type { CorpusSet } from "./uncut-sets";
import { withoutStage } from "./without-stage";
import { wrongKind } from "./wrong-kind";

/** Trains the tokenizer on the characters of the training split. */
export function fitCorpus(
  ops: PreprocessConfig,
  { inputs, windows }: CorpusSet,
  characters: Int32Array,
  cache: CacheMode,
): Preprocessing {
  const config = ops.find(({ op }) => op === "tokenize") as TokenizeConfig;
  const empty = new Int32Array();
  const runs = splitRuns({ train: characters, validation: empty, test: empty }, windows).train;
  const texts = () => runs.map(({ start, end }) => inputs.text(start, end));
  const tokenizer = trainKeptTokenizer(config, { texts, cache });
  const facts = [`vocabulary: ${tokenizer.tokens.length} tokens (${tokenizer.unit}s), made of the training split`];
  const { length, stride } = windows;
  return restoreCorpus({ kind: "tokens", tokenizer, window: { length, stride } }, facts);
}

export function restoreCorpus(record: TokensRecord, facts: readonly string[] = []): Preprocessing {
  const tokenizer = restoreTokenizer(record.tokenizer);
  const { length } = record.window;
  return {
    record,
    shape: [length],
    dtype: "int32",
    deviceStage: withoutStage,
    vocabulary: tokenizer.size,
    tokenizer,
    facts,
    arrange: (set, splits, cache = "none") =>
      arrangeCorpus(set, splits, record, { tokenizer, encode: (texts) => encodeRuns(texts, record, tokenizer, cache) }),
    encode(inputs) {
      if (inputs.kind !== "tokens") throw wrongKind("tokens", inputs.kind);
      return encodeTokens(inputs);
    },
  };
}

/** Ids of each run of text; what an earlier run has kept of them is taken instead. */
function encodeRuns(
  texts: readonly string[],
  record: TokensRecord,
  tokenizer: Tokenizer,
  cache: CacheMode,
): readonly Int32Array[] {
  const kept = findKeptLists(record.tokenizer, { kind: "corpus", texts: () => texts, cache });
  if (kept.lists) return kept.lists;
  const lists = texts.map((text) => tokenizer.encode(text));
  kept.keep(lists);
  return lists;
}

function encodeTokens({ tokens, starts, length }: InputsOf<"tokens">): EncodedInputs {
  return {
    shape: [length],
    dtype: "int32",
    async read(examples) {
      const data = new Int32Array(examples.length * length);
      for (const [position, example] of examples.entries()) {
        const start = starts[example] as number;
        data.set(tokens.subarray(start, start + length), position * length);
      }
      return { data, shape: [examples.length, length] };
    },
    async close() {},
  };
}
