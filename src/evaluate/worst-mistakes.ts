import type { ShownExample } from "./shown-input";

export interface Mistake extends ShownExample {
  readonly label: string;
  readonly predicted: string;
  /** Probability that the model gave to the wrong class. */
  readonly probability: number;
  /** Probability that it gave to the right one. */
  readonly truthProbability?: number;
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

/** The examples that were predicted wrong, by the probability given to the wrong class, highest first. */
export class WorstMistakes {
  private list: Mistake[] = [];

  constructor(private readonly most: number) {}

  add(mistake: Mistake): void {
    const last = this.list[this.most - 1];
    if (last && last.probability >= mistake.probability) return;
    this.list.push(mistake);
    this.list.sort((a, b) => b.probability - a.probability);
    this.list.length = Math.min(this.list.length, this.most);
  }

  get all(): readonly Mistake[] {
    return this.list;
  }
}
