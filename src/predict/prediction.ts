/** Which input it is: the path as the user gave it, with the number of the row (from 1) in a table. */
export interface InputName {
  readonly input: string;
  readonly row?: number;
}

export interface LabelProbability {
  readonly label: string;
  readonly probability: number;
}

/** What the model says of one input, or why nothing can be said; as `dlctl predict --json` prints it. */
export type Prediction = InputName &
  (
    | { readonly label: string; readonly probability: number; readonly predictions: readonly LabelProbability[] }
    | { readonly values: readonly number[] }
    | { readonly error: string }
  );
