import fc from "fast-check";
import type { ExampleSet, ExampleTargets, SplitName } from "../../../../src/data/example-set";
import { type SplitConfig, splitExamples, splitSchema } from "../../../../src/data/splits/split-examples";

interface SetOptions {
  readonly own?: readonly (SplitName | undefined)[];
  readonly groups?: readonly string[];
}

function setOf(targets: ExampleTargets, count: number, { own = [], groups }: SetOptions = {}): ExampleSet {
  return {
    inputs: { kind: "vector", count, names: ["x"], values: new Float32Array(count) },
    targets,
    count,
    ownSplit: (index) => own[index],
    origin: String,
    ...(groups ? { group: (index: number) => groups[index] as string } : {}),
    warnings: [],
  };
}

/** Examples of the given classes, numbered. */
function classSet(indices: readonly number[], options?: SetOptions): ExampleSet {
  const labels = Array.from({ length: Math.max(2, ...indices.map((index) => index + 1)) }, (_, index) => `c${index}`);
  return setOf({ kind: "class", labels, indices: Int32Array.from(indices) }, indices.length, options);
}

function valueSet(count: number, options?: SetOptions): ExampleSet {
  return setOf({ kind: "values", names: ["y"], values: new Float32Array(count) }, count, options);
}

const repeat = (counts: readonly number[]) => counts.flatMap((count, label) => new Array<number>(count).fill(label));
const split = (set: ExampleSet, config: SplitConfig | undefined, seed = 1) =>
  splitExamples(set, config, { task: set.targets.kind === "class" ? "classification" : "regression", seed });
const list = ({ indices }: ReturnType<typeof split>) => ({
  train: [...indices.train],
  validation: [...indices.validation],
  test: [...indices.test],
});

/** Every example in exactly one split, ascending; own splits hold what they held and no more. */
function expectPartition({ indices }: ReturnType<typeof split>, own: readonly (SplitName | undefined)[]): void {
  const all = [...indices.train, ...indices.validation, ...indices.test];
  expect(all.sort((a, b) => a - b)).toEqual(own.map((_, index) => index));
  expect(indices.train.length).toBeGreaterThan(0);
  for (const name of ["train", "validation", "test"] as const) {
    expect([...indices[name]]).toEqual([...indices[name]].sort((a, b) => a - b));
    const owned = own.flatMap((split, index) => (split === name ? [index] : []));
    if (owned.length > 0) expect([...indices[name]]).toEqual(owned);
  }
}

function countsOf(set: ExampleSet, examples: Int32Array): number[] {
  if (set.targets.kind !== "class") throw new Error("not classes");
  const counts = set.targets.labels.map(() => 0);
  for (const example of examples) {
    const label = set.targets.indices[example] as number;
    counts[label] = (counts[label] as number) + 1;
  }
  return counts;
}

describe("splitExamples", () => {
  it("trains on everything where nothing is stated", () => {
    expect(list(split(classSet([0, 1, 0]), undefined))).toEqual({ train: [0, 1, 2], validation: [], test: [] });
  });

  const methods = fc.constantFrom("stratified", "random", "chronological", "group", "last", undefined);
  const fractions = fc.tuple(
    fc.double({ min: 0, max: 0.6, noNaN: true }),
    fc.double({ min: 0, max: 0.39, noNaN: true }),
  );
  const examples = fc.array(
    fc.record({
      label: fc.integer({ min: 0, max: 4 }),
      group: fc.constantFrom("p", "q", "r", "s", "t"),
      own: fc.option(fc.constantFrom<SplitName>("validation", "test"), { nil: undefined, freq: 4 }),
    }),
    { minLength: 8, maxLength: 120 },
  );

  it("partitions, sorted, keeps own splits, and gives the same for the same seed (any method)", () => {
    fc.assert(
      fc.property(examples, methods, fractions, fc.integer(), (rows, method, [validation, test], seed) => {
        fc.pre(rows.filter(({ own }) => own === undefined).length >= 4);
        const own = rows.map((row) => row.own);
        const set = classSet(
          rows.map(({ label }) => label),
          { own, groups: rows.map(({ group }) => group) },
        );
        const result = split(set, { validation, test, ...(method ? { method } : {}) }, seed);
        expectPartition(result, own);
        const again = split(set, { validation, test, ...(method ? { method } : {}) }, seed);
        expect(again).toEqual(result);
      }),
      { numRuns: 150 },
    );
  });

  it("warns when a fraction is not applied because the split has files of its own", () => {
    const set = classSet(repeat([10, 10]), { own: [...new Array(19).fill(undefined), "test"] });
    const result = split(set, { validation: 0.2, test: 0.5 });
    expect(list(result).test).toEqual([19]);
    expect(result.indices.validation).toHaveLength(4);
    expect(result.warnings).toEqual(["the data has a test split of its own; data.split.test (0.5) is not applied"]);
  });

  it("refuses data without training examples", () => {
    expect(() => split(classSet([0, 1], { own: ["test", "test"] }), undefined)).toThrow(/no examples to train on/);
  });

  it("says when there is too little for a split", () => {
    expect(split(valueSet(1), { validation: 0.1 }).warnings).toEqual([
      "there are too few examples for a validation split: it is empty",
    ]);
  });

  it("takes data.split.seed before the config's", () => {
    const set = valueSet(100);
    expect(split(set, { validation: 0.3, seed: 5 }, 1)).toEqual(split(set, { validation: 0.3, seed: 5 }, 2));
    expect(split(set, { validation: 0.3 }, 1)).not.toEqual(split(set, { validation: 0.3 }, 2));
  });

  describe("stratified", () => {
    it("is what classification takes: each class by its part, the whole by the fraction", () => {
      const set = classSet(repeat([144, 144, 144, 144, 144]));
      const { indices, warnings } = split(set, { validation: 0.1 });
      // 14.4 of each: 72 in all, two classes with 15.
      expect(countsOf(set, indices.validation).sort()).toEqual([14, 14, 14, 15, 15]);
      expect(warnings).toEqual([]);
    });

    it("gives every class of three or more one example in each split", () => {
      const set = classSet(repeat([100, 3, 5]));
      const { indices } = split(set, { validation: 0.1, test: 0.1 });
      expect(countsOf(set, indices.validation)).toEqual([10, 1, 1]);
      expect(countsOf(set, indices.test)).toEqual([10, 1, 1]);
      expect(countsOf(set, indices.train)).toEqual([80, 1, 3]);
    });

    it("keeps a class with under three examples in training, with a warning", () => {
      const set = classSet(repeat([50, 2, 1]));
      const { indices, warnings } = split(set, { validation: 0.4 });
      expect(countsOf(set, indices.validation)).toEqual([20, 0, 0]);
      expect(warnings).toEqual([
        'the class "c1" has only 2 examples to split: all stay in training',
        'the class "c2" has only one example to split: all stay in training',
      ]);
    });

    it("is within one example of the fraction in each class, and trains on each (any classes)", () => {
      const sizes = fc.array(fc.integer({ min: 3, max: 60 }), { minLength: 2, maxLength: 6 });
      fc.assert(
        fc.property(
          sizes,
          fc.double({ min: 0.01, max: 0.45, noNaN: true }),
          fc.double({ min: 0.01, max: 0.45, noNaN: true }),
          (counts, validation, test) => {
            const set = classSet(repeat(counts));
            const { indices } = split(set, { validation, test });
            for (const [name, fraction] of [
              ["validation", validation],
              ["test", test],
            ] as const) {
              for (const [label, count] of countsOf(set, indices[name]).entries()) {
                expect(count).toBeGreaterThanOrEqual(1);
                expect(Math.abs(count - Math.max(1, (counts[label] as number) * fraction))).toBeLessThan(1.0001);
              }
            }
            expect(Math.min(...countsOf(set, indices.train))).toBeGreaterThanOrEqual(1);
          },
        ),
        { numRuns: 150 },
      );
    });

    it("refuses values", () => {
      expect(() => split(valueSet(10), { validation: 0.1, method: "stratified" })).toThrow(
        /stratified needs a class for each example/,
      );
    });
  });

  it("random: is what regression takes; the fractions, rounded, of what is left", () => {
    const own = [...new Array<undefined>(96).fill(undefined), "test", "test", "test", "test"] as (
      | SplitName
      | undefined
    )[];
    const { indices } = split(valueSet(100, { own }), { validation: 0.25 });
    expect(indices.validation).toHaveLength(24);
    expect([...indices.validation]).not.toEqual(Array.from({ length: 24 }, (_, index) => index));
  });

  it("chronological: training, then validation, then test", () => {
    expect(list(split(valueSet(10), { validation: 0.2, test: 0.3, method: "chronological" }))).toEqual({
      train: [0, 1, 2, 3, 4],
      validation: [5, 6],
      test: [7, 8, 9],
    });
  });

  it.each([
    [10, 0.1, 1],
    [10, 0.25, 3],
    [703, 0.1, 71],
    [1, 0.1, 1],
  ])(
    "last: of %d, %d validates as in Keras (count - floor(count * (1 - fraction)) = %d)",
    (count, validation, expected) => {
      const run = () => split(valueSet(count), { validation, method: "last" });
      if (expected === count) expect(run).toThrow(/no examples to train on/);
      else
        expect([...run().indices.validation]).toEqual(
          Array.from({ length: expected }, (_, index) => count - expected + index),
        );
    },
  );

  describe("group", () => {
    const groups = Array.from({ length: 200 }, (_, index) => `g${(index * 7) % 40}`);

    it("keeps groups whole, and comes near the fractions", () => {
      const { indices } = split(valueSet(200, { groups }), { validation: 0.2, test: 0.1, by: "who" });
      const names = (["train", "validation", "test"] as const).map(
        (name) => new Set([...indices[name]].map((index) => groups[index])),
      );
      const [train, validation, test] = names as [Set<string>, Set<string>, Set<string>];
      expect([...train, ...validation, ...test]).toHaveLength(40);
      expect(indices.validation).toHaveLength(40);
      expect(indices.test).toHaveLength(20);
    });

    it("takes the smallest group where all are too large, and leaves one to train on", () => {
      const sizes = [...new Array(30).fill("a"), ...new Array(20).fill("b"), ...new Array(50).fill("c")];
      const { indices } = split(valueSet(100, { groups: sizes }), { validation: 0.01, method: "group", by: "who" });
      expect([...new Set([...indices.validation].map((index) => sizes[index]))]).toEqual(["b"]);
    });

    it("warns where there are fewer groups than splits", () => {
      const { indices, warnings } = split(valueSet(10, { groups: new Array(10).fill("a") }), {
        validation: 0.5,
        by: "who",
      });
      expect(indices.train).toHaveLength(10);
      expect(warnings).toContain("there are only 1 groups for 2 splits");
    });

    it("needs groups", () => {
      expect(() => split(valueSet(10), { validation: 0.5, by: "who" })).toThrow(/needs a table with a column/);
    });
  });
});

describe("splitSchema", () => {
  it.each<[object, RegExp]>([
    [{ validation: 0.6, test: 0.4 }, /leave nothing to train on/],
    [{ validation: 1 }, /<1/],
    [{ validation: -0.1 }, />=0/],
    [{ method: "random", by: "who" }, /only used by/],
    [{ method: "group" }, /needed by/],
    [{ vaildation: 0.1 }, /vaildation/],
  ])("refuses %j", (given, message) => {
    const result = splitSchema.safeParse(given);
    expect(result.error?.message).toMatch(message);
  });
});
