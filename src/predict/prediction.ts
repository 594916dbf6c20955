/** Which input it is: the path or text as the user gave it, with the number of the row (from 1) in a table. */
export interface InputName {
  readonly input: string;
  readonly row?: number;
  /** What the table calls the sequence that the row is the first of. */
  readonly sequence?: string;
}

export interface LabelProbability {
  readonly label: string;
  readonly probability: number;
}

/** A word and its label; null for a word that was cut off before the model saw it. */
export interface WordLabel {
  readonly token: string;
  readonly label: string | null;
  readonly probability: number | null;
}

/** What the model says of one input, or why nothing can be said; as `dlctl predict --json` prints it. */
export type Prediction = InputName &
  (
    | { readonly label: string; readonly probability: number; readonly predictions: readonly LabelProbability[] }
    | { readonly values: readonly number[] }
    | { readonly tokens: readonly WordLabel[] }
    | { readonly error: string }
  );
