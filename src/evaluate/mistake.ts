import type { ShownExample } from "./shown-input";

export interface Mistake extends ShownExample {
  readonly label: string;
  readonly predicted: string;
  /** Probability that the model gave to the wrong class. */
  readonly probability: number;
  /** Probability that it gave to the right one. */
  readonly truthProbability: number;
}

/** An example of which the model was not sure: two classes were about as probable. */
export interface Uncertain extends ShownExample {
  readonly label: string;
  readonly predicted: string;
  readonly probability: number;
  /** The class that came second, and its probability. */
  readonly second: string;
  readonly secondProbability: number;
}
