import type { EncodedInputs } from "../encoded-inputs";
import type { TokenizeConfig } from "../text/tokenize-config";
import { restoreTokenizer } from "../text/tokenizer";
import { trainTokenizer } from "../text/train-tokenizer";
import { arrangeCorpus } from "./arrange-corpus";
import type { InputsOf, Preprocessing } from "./define-preprocessing";
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
): Preprocessing {
  const config = ops.find(({ op }) => op === "tokenize") as TokenizeConfig;
  const empty = new Int32Array();
  const runs = splitRuns({ train: characters, validation: empty, test: empty }, windows).train;
  const tokenizer = trainTokenizer(
    config,
    runs.map(({ start, end }) => inputs.text(start, end)),
  );
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
    arrange: (set, splits) => arrangeCorpus(set, splits, record, tokenizer),
    encode(inputs) {
      if (inputs.kind !== "tokens") throw wrongKind("tokens", inputs.kind);
      return encodeTokens(inputs);
    },
  };
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
