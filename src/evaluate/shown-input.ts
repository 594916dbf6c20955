/** One example's input before preprocessing, small enough to show. */
export type ShownInput =
  /** `path` is null for pixels that are in no file of their own (idx); `EvaluationData.set.inputs` has them under the example's number. */
  | { readonly kind: "image"; readonly path: string | null }
  /** `isCut` where only the beginning is there. */
  | { readonly kind: "text"; readonly text: string; readonly isCut: boolean }
  /** Numbers by name; null where one is missing. */
  | { readonly kind: "vector"; readonly values: Readonly<Record<string, number | null>> }
  /** `values` is `[channel][step]`, every `every`-th step; null where one is missing. `steps` is the length of the whole, `channels` their number, of which the first are shown. */
  | {
      readonly kind: "series";
      readonly names: readonly string[];
      readonly values: readonly (readonly (number | null)[])[];
      readonly every: number;
      readonly steps: number;
      readonly channels: number;
    };

/** An example that is worth a look. */
export interface ShownExample {
  /** What a person calls it: its file's path, or a table's row. */
  readonly origin: string;
  /** Its number in the evaluated set (`EvaluationData.set`). */
  readonly example: number;
  /** Of sequences with a class for each step: which of its steps that have one, from 1. */
  readonly word?: number;
  /** Null for a language model's windows, whose tokens say it all. */
  readonly input: ShownInput | null;
}
