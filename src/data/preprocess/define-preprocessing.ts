import type { CacheMode } from "../cache/choose-cache";
import type { DeviceStage } from "../device-stage";
import type { EncodedInputs } from "../encoded-inputs";
import type { ExampleInputs, ExampleSet, SplitIndices } from "../example-set";
import type { Tokenizer } from "../text/tokenizer";
import type { PreprocessingRecord } from "./preprocessing-record";

export interface EncodeOptions {
  /** What a person calls example `index`, for errors. */
  origin(index: number): string;
  /** Where decoded images and tokens are kept; "auto" by default. Numbers need no cache. */
  readonly cache?: CacheMode;
  /** Each example is read once, as in an evaluation: nothing is kept for this run, only for later ones where `cache` says so. */
  readonly isReadOnce?: boolean;
}

/** Examples and how they are divided. */
export interface ArrangedExamples {
  readonly set: ExampleSet;
  readonly splits: SplitIndices;
  /** For people. */
  readonly warnings: readonly string[];
}

/** What is done to every input before the model sees it, the same in training and in prediction. */
export interface Preprocessing {
  /** For the model folder: `restorePreprocessing` makes the same of it. */
  readonly record: PreprocessingRecord;
  /** Of one example as `encode` gives it and the model takes it, no batch axis: `[height, width, channels]`, `[features]`, `[steps, channels]`, `[tokens]`. */
  readonly shape: readonly (number | null)[];
  readonly dtype: "uint8" | "float32" | "int32";
  readonly deviceStage: DeviceStage;
  /** What every channel of a padded step holds: the model begins with a masking layer of this value. Undefined where nothing is padded, and for token ids, whose padding is 0. */
  readonly maskValue?: number;
  /** Token ids are below it. */
  readonly vocabulary?: number;
  readonly tokenizer?: Tokenizer;
  /** What was found of the inputs when it was fitted, in sentences for people; none after it was restored. */
  readonly facts: readonly string[];
  /**
   * The examples as the model takes them: a table's rows and a corpus's characters become windows, none of which crosses
   * from one split into another; tags are shortened and filled up as their words are. Any other set is given back as it is.
   * `cache`: whether the tokens of a corpus are kept for later runs and looked for; "none" by default.
   */
  arrange(set: ExampleSet, splits: SplitIndices, cache?: CacheMode): ArrangedExamples;
  /**
   * The host's half for all of `inputs`; nothing is decoded before it is read. Reading throws DataError for an example that
   * can't be used. Throws DataError when the inputs are not of the model's kind. The caller closes what it gets.
   */
  encode(inputs: ExampleInputs, options: EncodeOptions): EncodedInputs;
  /**
   * Forecasting: one example's targets or outputs, `[horizon, targets]` flat, in the data's own units again. `inputs` is
   * what was encoded, as `relativeTo` needs the window's last step. Undefined for all else, which is in them already.
   */
  toOriginal?(values: ArrayLike<number>, inputs: ExampleInputs, example: number): Float32Array;
}

/** Inputs of one kind. */
export type InputsOf<Kind extends ExampleInputs["kind"]> = Extract<ExampleInputs, { kind: Kind }>;
