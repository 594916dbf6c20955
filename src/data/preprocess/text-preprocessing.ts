import { DataError } from "../../shared/errors";
import type { CacheMode } from "../cache/choose-cache";
import type { EncodedInputs } from "../encoded-inputs";
import type { ExampleSet } from "../example-set";
import type { TokenizeConfig } from "../text/tokenize-config";
import { restoreTokenizer, type Tokenizer } from "../text/tokenizer";
import { paddingId, unknownId } from "../text/tokenizer-record";
import { keptPart } from "./apply-lengths";
import { arrangeTags } from "./arrange-tags";
import { commonLength, tooLong } from "./common-length";
import type { EncodeOptions, InputsOf, Preprocessing } from "./define-preprocessing";
import { describeLengths, percent } from "./describe-lengths";
import { findKeptLists, trainKeptTokenizer } from "./kept-tokens";
import { lengthRules } from "./length-op-config";
import type { PreprocessConfig } from "./preprocess-config";
import type { TextRecord } from "./preprocessing-record";
import { withoutStage } from "./without-stage";
import { wrongKind } from "./wrong-kind";

type TextInputs = InputsOf<"text">;

/** Token ids of inputs, each made once, at the first time it is asked for. */
type TokenLists = WeakMap<TextInputs, (Int32Array | undefined)[]>;

/**
 * Trains the tokenizer on the training texts alone. Every text of the set is tokenized once, to see that it fits; what an earlier
 * run has kept of both is taken instead.
 */
export function fitText(
  ops: PreprocessConfig,
  inputs: TextInputs,
  trainingExamples: Int32Array,
  { origin, cache }: { readonly origin: ExampleSet["origin"]; readonly cache: CacheMode },
): Preprocessing {
  const config = ops.find(({ op }) => op === "tokenize") as TokenizeConfig;
  const { isTokenized = false } = inputs;
  const training = { texts: () => textsOf(inputs, trainingExamples), cache, isTokenized };
  const tokenizer = trainKeptTokenizer(config, training);
  const rules = lengthRules(ops);
  const all = Int32Array.from({ length: inputs.count }, (_, index) => index);
  const kept = findKeptLists(tokenizer, { kind: "text", texts: () => textsOf(inputs, all), cache });
  const lists: TokenLists = new WeakMap(kept.lists ? [[inputs, kept.lists]] : []);
  const tokensOf = remembering(inputs, restoreTokenizer(tokenizer), lists);
  const lengths = Int32Array.from({ length: inputs.count }, (_, index) => tokensOf(index).length);
  if (!kept.lists) kept.keep(Array.from(all, tokensOf));
  const length = commonLength({ lengths, rules, origin, unit: "tokens" });
  const trained = trainingExamples.map((example) => lengths[example] as number);
  const facts = [
    `vocabulary: ${tokenizer.tokens.length} tokens (${tokenizer.unit}s), made of the training texts`,
    `texts: ${describeLengths(trained, rules, "tokens")}; ${describeUnknown(inputs, trainingExamples, tokensOf)}`,
  ];
  return restoreText({ kind: "text", tokenizer, ...rules, length }, { facts, lists });
}

function* textsOf(inputs: TextInputs, examples: Int32Array): Generator<string> {
  for (const example of examples) yield inputs.text(example);
}

function describeUnknown({ count }: TextInputs, training: Int32Array, tokensOf: (index: number) => Int32Array): string {
  const share = (examples: Iterable<number>) => {
    let [unknown, all] = [0, 0];
    for (const example of examples) {
      for (const id of tokensOf(example)) if (id === unknownId) unknown++;
      all += tokensOf(example).length;
    }
    return all === 0 ? undefined : percent(unknown / all);
  };
  const trained = new Set(training);
  const others = Array.from({ length: count }, (_, index) => index).filter((index) => !trained.has(index));
  const inOthers = share(others);
  return `${share(training)} of the tokens are unknown${inOthers === undefined ? "" : `, ${inOthers} outside of the training split`}`;
}

interface FittedText {
  readonly facts: readonly string[];
  readonly lists: TokenLists;
}

export function restoreText(record: TextRecord, fitted?: FittedText): Preprocessing {
  const tokenizer = restoreTokenizer(record.tokenizer);
  const lists: TokenLists = fitted?.lists ?? new WeakMap();
  const { length } = record;
  return {
    record,
    shape: [length],
    dtype: "int32",
    deviceStage: withoutStage,
    vocabulary: tokenizer.size,
    tokenizer,
    facts: fitted?.facts ?? [],
    arrange: (set, splits) => ({ set: arrangeTags(set, record), splits, warnings: [] }),
    encode(inputs, options) {
      if (inputs.kind !== "text") throw wrongKind("text", inputs.kind);
      if (!lists.has(inputs)) takeKept(inputs, record, lists, options.cache);
      return encodeTexts(remembering(inputs, tokenizer, lists), record, options);
    },
  };
}

/** Ids that an earlier run has kept of the same texts. Unless `cache` says so nothing is looked for, as for a few texts to be predicted. */
function takeKept(inputs: TextInputs, { tokenizer }: TextRecord, lists: TokenLists, cache: CacheMode = "none"): void {
  const texts = () =>
    textsOf(
      inputs,
      Int32Array.from({ length: inputs.count }, (_, index) => index),
    );
  const kept = findKeptLists(tokenizer, { kind: "text", texts, cache });
  if (kept.lists) lists.set(inputs, kept.lists);
}

/** A function that gives the ids of text number `index`; of one without any token, one unknown token. */
function remembering(inputs: TextInputs, tokenizer: Tokenizer, lists: TokenLists): (index: number) => Int32Array {
  const list = lists.get(inputs) ?? new Array<Int32Array | undefined>(inputs.count).fill(undefined);
  lists.set(inputs, list);
  return (index) => {
    const known = list[index];
    if (known) return known;
    const ids = tokenizer.encode(inputs.text(index));
    const tokens = ids.length > 0 ? ids : Int32Array.of(unknownId);
    list[index] = tokens;
    return tokens;
  };
}

function encodeTexts(
  tokensOf: (index: number) => Int32Array,
  record: TextRecord,
  { origin }: EncodeOptions,
): EncodedInputs {
  const { length } = record;
  return {
    shape: [length],
    dtype: "int32",
    async read(examples) {
      const data = new Int32Array(examples.length * length).fill(paddingId);
      for (const [position, example] of examples.entries()) {
        const tokens = tokensOf(example);
        const { from, count, before } = keptPart(tokens.length, record);
        requireLength(count, record, () => origin(example));
        data.set(tokens.subarray(from, from + count), position * length + before);
      }
      return { data, shape: [examples.length, length] };
    },
    async close() {},
  };
}

function requireLength(count: number, { length, pad }: TextRecord, name: () => string): void {
  if (pad ? count <= length : count === length) return;
  if (pad) throw tooLong(`${name()} has ${count} tokens`, length);
  throw new DataError(`${name()} has ${count} tokens, and the model takes ${length}`, {
    hint: 'Train with "pad" in data.preprocess to take texts of other lengths.',
  });
}
