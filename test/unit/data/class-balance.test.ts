import { balancedClassWeights, classCounts, describeImbalance } from "../../../src/data/class-balance";

describe("class balance", () => {
  it("counts the classes in each split", () => {
    const targets = { kind: "class", labels: ["a", "b"], indices: Int32Array.of(0, 1, 1, 0, 1) } as const;
    const splits = { train: Int32Array.of(0, 1, 2), validation: Int32Array.of(3), test: Int32Array.of(4) };
    expect(classCounts(targets, splits)).toEqual({ train: [1, 2], validation: [1, 0], test: [0, 1] });
  });

  it("weighs as scikit-learn's balanced does: n / (classes * count)", () => {
    // compute_class_weight("balanced", y=[0]*8 + [1]*2) is [0.625, 2.5].
    expect(balancedClassWeights([8, 2])).toEqual([0.625, 2.5]);
  });

  it("gives a class without examples 1, and does not count it", () => {
    expect(balancedClassWeights([8, 0, 2])).toEqual([0.625, 1, 2.5]);
  });

  it("makes a sentence of three times as many, and none of less", () => {
    expect(describeImbalance(["a", "b", "c"], [30, 10, 20])).toMatch(/"a" has 30 training examples, "b" 10/);
    expect(describeImbalance(["a", "b"], [29, 10])).toBeUndefined();
    expect(describeImbalance(["a", "b"], [29, 0])).toBeUndefined();
  });
});
