import { seededOrder } from "../../../src/data/seeded-order";

describe("seededOrder", () => {
  it("is a permutation", () => {
    for (const count of [0, 1, 2, 3, 7, 1000]) {
      const sorted = [...seededOrder(count, 3)].sort((a, b) => a - b);
      expect(sorted).toEqual(Array.from({ length: count }, (_, index) => index));
    }
  });

  it("depends on the seed and each part, and on nothing else", () => {
    const order = seededOrder(50, 1, "epoch", 2);
    expect(seededOrder(50, 1, "epoch", 2)).toEqual(order);
    expect(seededOrder(50, 2, "epoch", 2)).not.toEqual(order);
    expect(seededOrder(50, 1, "epoch", 3)).not.toEqual(order);
    expect(seededOrder(50, 1, "split", 2)).not.toEqual(order);
  });

  it("gives the orders it always gave", () => {
    expect([...seededOrder(10, 7, "epoch", 1)]).toEqual([2, 7, 6, 0, 1, 4, 5, 9, 3, 8]);
  });

  it("makes each order of four equally likely (chi-square, 23 degrees of freedom, p > 0.001)", () => {
    const draws = 24_000;
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < draws; epoch++) {
      const key = seededOrder(4, 11, epoch).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const expected = draws / 24;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(24);
    expect(chiSquare).toBeLessThan(49.73);
  });
});
