export type SplitName = "train" | "validation" | "test";

/** Where the pixels of one example come from. */
export type ImageSource =
  /** A file that sharp decodes. */
  | { readonly path: string }
  /** Pixels that are there already (idx): `[height, width, channels]`, row-major. */
  | {
      readonly pixels: Uint8Array;
      readonly width: number;
      readonly height: number;
      readonly channels: 1 | 3;
    };

/** Inputs of all examples before preprocessing, one variant for each kind of input. */
export type ExampleInputs =
  | { readonly kind: "image"; readonly count: number; image(index: number): ImageSource }
  /** Numbers: `values` is `[count, names.length]`, row-major; NaN where a value is missing. */
  | {
      readonly kind: "vector";
      readonly count: number;
      readonly names: readonly string[];
      readonly values: Float32Array;
    }
  /**
   * Steps of some channels: `values` is `[all steps, names.length]`, row-major, one example after the other; NaN where a
   * value is missing. Example `index` begins at step `offsets[index]` and has `lengths[index]` steps.
   */
  | {
      readonly kind: "series";
      readonly count: number;
      /** Of the channels. */
      readonly names: readonly string[];
      readonly lengths: Int32Array;
      readonly offsets: Int32Array;
      readonly values: Float32Array;
    }
  | {
      readonly kind: "text";
      readonly count: number;
      text(index: number): string;
      /** Whether the texts are words separated by white space, each with a tag: tokens are then just these. */
      readonly isTokenized?: boolean;
    }
  /** One long text, for a language model. An example is a character (a code point) until `Preprocessing.arrange`. */
  | {
      readonly kind: "corpus";
      readonly count: number;
      /** The characters from `start` to before `end`. */
      text(start: number, end: number): string;
    }
  /** Windows of `length` rows on a table, for forecasting: `values` is `[rows, names.length]`, row-major. */
  | {
      readonly kind: "window";
      readonly count: number;
      readonly names: readonly string[];
      readonly length: number;
      readonly values: Float32Array;
      /** Each window's first row. */
      readonly starts: Int32Array;
    }
  /** Windows of `length` token ids, for a language model. */
  | {
      readonly kind: "tokens";
      readonly count: number;
      readonly length: number;
      readonly tokens: Int32Array;
      /** Position of each window's first token. */
      readonly starts: Int32Array;
    };

export type InputKind = ExampleInputs["kind"];

/** What is to be predicted for each example. */
export type ExampleTargets =
  /** `indices[example]` points into `labels`, which are in the model's order. */
  | { readonly kind: "class"; readonly labels: readonly string[]; readonly indices: Int32Array }
  /** Numbers: `values` is `[count, names.length]`, row-major. */
  | { readonly kind: "values"; readonly names: readonly string[]; readonly values: Float32Array }
  /** A class for each step: `steps(example)` points into `labels`; -1 where there is nothing to predict. */
  | {
      readonly kind: "sequence";
      readonly labels: readonly string[];
      /** Of every example's `steps`, the model's number of steps; null before `Preprocessing.arrange`. */
      readonly length: number | null;
      steps(example: number): Int32Array;
    };

/** What is predicted. */
export type Task = "classification" | "regression" | "forecasting" | "tokens" | "languageModel";

/** How `Preprocessing.arrange` cuts rows, or the tokens of a corpus, into examples. */
export interface WindowPlan {
  /** Steps that the model sees. */
  readonly length: number;
  /** Steps after these that are predicted; a language model's is 1, at each step. */
  readonly horizon: number;
  /** From one window to the next, in training. */
  readonly stride: number;
  /** Channels and targets are given as differences to their value at the window's last step. */
  readonly relativeTo?: "last" | undefined;
  /** No window crosses from one number to another: files, and rows between which others were left out. */
  segment(index: number): number;
}

/** All examples of a data source, opened and checked but not preprocessed: what every source makes. */
export interface ExampleSet {
  readonly inputs: ExampleInputs;
  readonly targets: ExampleTargets;
  /** Number of examples. */
  readonly count: number;
  /** What is predicted, where the kind of the targets alone does not say it. */
  readonly task?: Task;
  /** Examples are steps, which are still to be cut into windows. */
  readonly windows?: WindowPlan;
  /** The split that a file or folder of its own puts an example in; undefined where `data.split` decides. */
  ownSplit(index: number): SplitName | undefined;
  /** What a person calls an example: its file's path, or `penguins.csv row 17`. */
  origin(index: number): string;
  /** For the `group` split: examples of one group stay together. */
  group?(index: number): string;
  /** Facts worth a warning ("3 files of other types were skipped"), for people. */
  readonly warnings: readonly string[];
  /** Examples that were left out as their files can't be read (`data.onBadFile`). */
  readonly skipped?: readonly SkippedExample[];
}

export interface SkippedExample {
  /** What a person calls it. */
  readonly origin: string;
  readonly reason: string;
}

/** Indices into an ExampleSet, ascending, for each split. */
export type SplitIndices = Readonly<Record<SplitName, Int32Array>>;
