/** The few items of the highest rank among many, highest first; of equal ones those that came first. */
export class Highest<Item> {
  private readonly list: { readonly rank: number; readonly item: Item }[] = [];

  constructor(private readonly most: number) {}

  /** `make` is called only where the item is among the highest so far. A rank that is not a number is the highest. */
  offer(rank: number, make: () => Item): void {
    const order = Number.isNaN(rank) ? Number.POSITIVE_INFINITY : rank;
    const last = this.list[this.most - 1];
    if (last && last.rank >= order) return;
    this.list.push({ rank: order, item: make() });
    this.list.sort((a, b) => b.rank - a.rank);
    this.list.length = Math.min(this.list.length, this.most);
  }

  get all(): readonly Item[] {
    return this.list.map(({ item }) => item);
  }
}
