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

/** Inputs of all examples before preprocessing, one variant for each kind of input. Later kinds: series, text. */
export type ExampleInputs =
  | { readonly kind: "image"; readonly count: number; image(index: number): ImageSource }
  /** Numbers: `values` is `[count, names.length]`, row-major; NaN where a value is missing. */
  | { readonly kind: "vector"; readonly count: number; readonly names: readonly string[]; readonly values: Float32Array };

export type InputKind = ExampleInputs["kind"];

/** What is to be predicted for each example. */
export type ExampleTargets =
  /** `indices[example]` points into `labels`, which are in the model's order. */
  | { readonly kind: "class"; readonly labels: readonly string[]; readonly indices: Int32Array }
  /** Numbers: `values` is `[count, names.length]`, row-major. */
  | { readonly kind: "values"; readonly names: readonly string[]; readonly values: Float32Array };

/** All examples of a data source, opened and checked but not preprocessed: what every source makes. */
export interface ExampleSet {
  readonly inputs: ExampleInputs;
  readonly targets: ExampleTargets;
  /** Number of examples. */
  readonly count: number;
  /** The split that a file or folder of its own puts an example in; undefined where `data.split` decides. */
  ownSplit(index: number): SplitName | undefined;
  /** What a person calls an example: its file's path, or `penguins.csv row 17`. */
  origin(index: number): string;
  /** For the `group` split: examples of one group stay together. */
  group?(index: number): string;
  /** Facts worth a warning ("3 files of other types were skipped"), for people. */
  readonly warnings: readonly string[];
}

/** Indices into an ExampleSet, ascending, for each split. */
export type SplitIndices = Readonly<Record<SplitName, Int32Array>>;
