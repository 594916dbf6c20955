export interface Mistake {
  /** What a person calls the example: its file's path, or a table's row. */
  readonly origin: string;
  readonly label: string;
  readonly predicted: string;
  /** Probability that the model gave to the wrong class. */
  readonly probability: number;
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
