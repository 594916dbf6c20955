import fc from "fast-check";
import { createMetric, metricSchema } from "../../../src/objectives/metric-config";
import type { MetricContext } from "../../../src/objectives/metrics/define-metric";
import type { MetricType } from "../../../src/objectives/metrics/metric-definitions";
import { tf } from "../../../src/runtime/tf";
import { describeEachDevice, startJsRuntime } from "../../helpers/runtime";

type Config = Parameters<typeof metricSchema.parse>[0];
type Batch = { readonly targets: readonly number[] | readonly number[][]; readonly outputs: readonly number[][] };

/** The figure of some batches, whose statistics are added up as an engine does. */
function measure(config: Config, context: MetricContext, batches: readonly Batch[]): number {
  const metric = createMetric(metricSchema.parse(config), context);
  const sums = new Float64Array(metric.statisticsLength);
  for (const { targets, outputs } of batches) {
    const statistics = tf.tidy(() => {
      const isClass = typeof targets[0] === "number";
      const target = isClass ? tf.tensor1d(targets as number[], "int32") : tf.tensor2d(targets as number[][]);
      const vector = metric.statistics(target, tf.tensor2d(outputs as number[][]));
      expect(vector.dtype).toBe("float32");
      return vector.dataSync();
    });
    expect(statistics).toHaveLength(metric.statisticsLength);
    statistics.forEach((value, index) => {
      sums[index] = (sums[index] as number) + value;
    });
  }
  return metric.result(sums);
}

const three: MetricContext = { classes: 3, outputWidth: 3 };
const single: MetricContext = { classes: 2, outputWidth: 1 };
const values: MetricContext = { classes: undefined, outputWidth: 2 };

/** True 0 0 1 2 2, predicted 0 1 1 2 0: hits 1 1 1, predicted 2 2 1, actual 2 1 2. */
const guesses: Batch[] = [
  {
    targets: [0, 0, 1],
    outputs: [
      [0.7, 0.2, 0.1],
      [0.3, 0.4, 0.3],
      [0.1, 0.8, 0.1],
    ],
  },
  {
    targets: [2, 2],
    outputs: [
      [0.1, 0.2, 0.7],
      [0.5, 0.2, 0.3],
    ],
  },
];

/** True 1 0 1 0, predicted 1 1 0 0 at 0.5. */
const yesNo: Batch[] = [{ targets: [1, 0, 1, 0], outputs: [[0.9], [0.6], [0.4], [0.2]] }];

/** Errors -1 2 and 0.5 0 and 1 -2. */
const numbers: Batch[] = [
  {
    targets: [
      [1, 2],
      [4, -4],
    ],
    outputs: [
      [0, 4],
      [4.5, -4],
    ],
  },
  { targets: [[4, 8]], outputs: [[5, 6]] },
];

interface Sample {
  readonly name: string;
  readonly config?: Record<string, unknown>;
  readonly context: MetricContext;
  readonly batches: Batch[];
  readonly expected: number;
}

/** -ln of the probabilities of the true classes, which are 0.7 0.3 0.8 0.7 0.3. */
const nats = -[0.7, 0.3, 0.8, 0.7, 0.3].reduce((total, p) => total + Math.log(p), 0);

const samples: Record<MetricType, Sample[]> = {
  perplexity: [
    { name: "perplexity", context: three, batches: guesses, expected: Math.exp(nats / 5) },
    {
      name: "perplexity",
      context: single,
      batches: yesNo,
      expected: Math.exp(-(Math.log(0.9) + Math.log(0.4) + Math.log(0.4) + Math.log(0.8)) / 4),
    },
  ],
  bitsPerCharacter: [
    { name: "bitsPerCharacter", context: three, batches: guesses, expected: nats / Math.LN2 / 5 },
    // 0 0 1 2 2 stand for 1 1 2 3 3 characters; a pair of surrogates is one of them.
    {
      name: "bitsPerCharacter",
      context: { ...three, labels: ["", "a\u{1f600}", "abc"] },
      batches: guesses,
      expected: nats / Math.LN2 / 10,
    },
  ],
  accuracy: [
    { name: "three classes", context: three, batches: guesses, expected: 3 / 5 },
    { name: "a single unit", context: single, batches: yesNo, expected: 2 / 4 },
    { name: "another threshold", config: { threshold: 0.7 }, context: single, batches: yesNo, expected: 3 / 4 },
  ],
  topKAccuracy: [
    { name: "k 1", config: { k: 1 }, context: three, batches: guesses, expected: 3 / 5 },
    { name: "k 2, a tie included", config: { k: 2 }, context: three, batches: guesses, expected: 1 },
    { name: "k over the classes", context: three, batches: guesses, expected: 1 },
    { name: "a single unit", config: { k: 1 }, context: single, batches: yesNo, expected: 2 / 4 },
  ],
  precision: [
    { name: "macro", context: three, batches: guesses, expected: (1 / 2 + 1 / 2 + 1) / 3 },
    { name: "micro", config: { average: "micro" }, context: three, batches: guesses, expected: 3 / 5 },
    {
      name: "weighted",
      config: { average: "weighted" },
      context: three,
      batches: guesses,
      expected: (2 * 0.5 + 1 * 0.5 + 2 * 1) / 5,
    },
    { name: "a single unit", config: { threshold: 0.3 }, context: single, batches: yesNo, expected: 2 / 3 },
    {
      name: "a class never predicted",
      context: three,
      batches: [
        {
          targets: [0, 1],
          outputs: [
            [1, 0, 0],
            [1, 0, 0],
          ],
        },
      ],
      expected: 0.5 / 3,
    },
  ],
  recall: [
    { name: "macro", context: three, batches: guesses, expected: (1 / 2 + 1 + 1 / 2) / 3 },
    { name: "binary", config: { average: "binary" }, context: three, batches: guesses, expected: 1 / 2 },
    { name: "a single unit", config: { threshold: 0.5 }, context: single, batches: yesNo, expected: 1 / 2 },
  ],
  f1: [
    { name: "macro", context: three, batches: guesses, expected: (2 / 4 + 2 / 3 + 2 / 3) / 3 },
    { name: "a single unit", context: single, batches: yesNo, expected: 2 / 4 },
  ],
  auc: [
    // Of the four pairs of a yes and a no, three are in order.
    { name: "a single unit", context: single, batches: yesNo, expected: 3 / 4 },
    {
      name: "two outputs",
      context: { classes: 2, outputWidth: 2 },
      batches: [
        {
          targets: [1, 0, 1, 0],
          outputs: [
            [0.1, 0.9],
            [0.4, 0.6],
            [0.6, 0.4],
            [0.8, 0.2],
          ],
        },
      ],
      expected: 3 / 4,
    },
    // The share of pairs in order, for each class against the rest.
    { name: "one against the rest", context: three, batches: guesses, expected: (auc0() + auc1() + auc2()) / 3 },
    {
      name: "precision and recall, perfect",
      config: { curve: "PR" },
      context: single,
      batches: [{ targets: [1, 1, 0, 0], outputs: [[0.9], [0.8], [0.3], [0.1]] }],
      expected: 1,
    },
    // With n examples taken as positive, true positives are 1, 1, 2, 2. The first gives 1; between n = 2 and 3 they are
    // 1 + (n - 2), and the integral of (n - 1) / n is 1 - ln(3/2); both are shares of two.
    {
      name: "precision and recall, interpolated",
      config: { curve: "PR" },
      context: single,
      batches: yesNo,
      expected: (1 + 1 - Math.log(3 / 2)) / 2,
    },
  ],
  meanAbsoluteError: [{ name: "two outputs", context: values, batches: numbers, expected: 6.5 / 6 }],
  meanSquaredError: [{ name: "two outputs", context: values, batches: numbers, expected: 10.25 / 6 }],
  rootMeanSquaredError: [{ name: "two outputs", context: values, batches: numbers, expected: Math.sqrt(10.25 / 6) }],
  meanAbsolutePercentageError: [
    { name: "two outputs", context: values, batches: numbers, expected: (100 * (1 + 1 + 0.125 + 0 + 0.25 + 0.25)) / 6 },
  ],
  r2: [
    {
      name: "two outputs",
      context: values,
      batches: numbers,
      // Column 1: y 1 4 4, spread 6, residual 1 + 0.25 + 1. Column 2: y 2 -4 8, spread 72, residual 4 + 0 + 4.
      expected: (1 - 2.25 / 6 + (1 - 8 / 72)) / 2,
    },
  ],
};

function pairs(positive: number[], negative: number[]): number {
  const wins = positive.flatMap((p) => negative.map((n): number => (p > n ? 1 : p === n ? 0.5 : 0)));
  return wins.reduce((total, win) => total + win, 0) / wins.length;
}
function auc0() {
  return pairs([0.7, 0.3], [0.1, 0.1, 0.5]);
}
function auc1() {
  return pairs([0.8], [0.2, 0.4, 0.2, 0.2]);
}
function auc2() {
  return pairs([0.7, 0.3], [0.1, 0.3, 0.1]);
}

const cases = Object.entries(samples).flatMap(([type, list]) =>
  list.map(({ name, config, ...rest }) => ({
    name: `${type}: ${name}`,
    config: { type, ...config } as Config,
    ...rest,
  })),
);

describeEachDevice("metrics", () => {
  // float32 sums of few numbers: 1e-6.
  test.each(cases)("$name", ({ config, context, batches, expected }) => {
    expect(measure(config, context, batches)).toBeCloseTo(expected, 6);
  });

  test.each(cases)("$name, with every example a batch of its own", ({ config, context, batches, expected }) => {
    const split = batches.flatMap(({ targets, outputs }) =>
      outputs.map((output, index) => ({ targets: [targets[index]], outputs: [output] }) as Batch),
    );
    expect(measure(config, context, split)).toBeCloseTo(expected, 6);
  });

  test("area under the ROC curve is the share of ordered pairs", () => {
    // Scores are multiples of 1/199 plus a half, one threshold between any two, so that the histogram loses nothing.
    const example = fc.tuple(fc.integer({ min: 0, max: 198 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(example, { minLength: 2, maxLength: 30 }), (examples) => {
        const score = (place: number) => (place + 0.5) / 199;
        const scores = (kind: boolean) => examples.filter(([, is]) => is === kind).map(([place]) => score(place));
        fc.pre(scores(true).length > 0 && scores(false).length > 0);
        const batch = {
          targets: examples.map(([, is]) => Number(is)),
          outputs: examples.map(([place]) => [score(place)]),
        };
        expect(measure("auc", single, [batch])).toBeCloseTo(pairs(scores(true), scores(false)), 9);
      }),
      { numRuns: 30 },
    );
  });

  test("a class without examples does not count in the area", () => {
    const batch = { targets: [0, 0, 1], outputs: guesses[0]?.outputs ?? [] };
    const expected = (pairs([0.7, 0.3], [0.1]) + pairs([0.8], [0.2, 0.4])) / 2;
    expect(measure("auc", three, [batch])).toBeCloseTo(expected, 6);
  });

  test("R² holds where the mean is large against the spread", () => {
    // Around 1998 with a spread of 10: sums of squares alone in float32 would be wrong from the second digit on.
    const years = Array.from({ length: 4000 }, (_, index) => 1998 + 10 * Math.sin(index * 1.7));
    const outputs = years.map((year, index) => year + 5 * Math.cos(index * 0.3));
    const batches = Array.from({ length: 125 }, (_, batch): Batch => {
      const part = (list: number[]) => list.slice(batch * 32, batch * 32 + 32).map((value) => [Math.fround(value)]);
      return { targets: part(years), outputs: part(outputs) };
    });
    const mean = years.reduce((total, year) => total + year, 0) / years.length;
    const squares = (list: number[]) => list.reduce((total, value) => total + value ** 2, 0);
    const exact =
      1 - squares(years.map((year, i) => year - (outputs[i] as number))) / squares(years.map((year) => year - mean));
    expect(measure("r2", { classes: undefined, outputWidth: 1 }, batches)).toBeCloseTo(exact, 4);
  });

  test("R² of targets that do not vary is not defined", () => {
    const batch = { targets: [[0.1], [0.1], [0.1]], outputs: [[0.2], [0.1], [0.3]] };
    expect(measure("r2", { classes: undefined, outputWidth: 1 }, [batch])).toBeNaN();
  });

  test("outputs that are NaN are wrong, not right, and stop nothing", () => {
    const lost: Batch[] = [
      {
        targets: [1, 2],
        outputs: [
          [Number.NaN, Number.NaN, Number.NaN],
          [Number.NaN, Number.NaN, Number.NaN],
        ],
      },
    ];
    expect(measure("top3Accuracy", three, lost)).toBe(0);
    expect(measure("auc", three, lost)).toBe(0.5);
  });

  test("nothing is left behind", () => {
    const before = tf.memory().numTensors;
    for (const { config, context, batches } of cases) measure(config, context, batches);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("metricSchema", () => {
  beforeAll(startJsRuntime);
  const create = (config: Config) => createMetric(metricSchema.parse(config), three);

  test("names alone and TensorFlow.js's short names", () => {
    expect(metricSchema.parse("accuracy")).toEqual({ type: "accuracy", threshold: 0.5 });
    expect(metricSchema.parse("mae")).toEqual({ type: "meanAbsoluteError" });
    expect(metricSchema.parse("top3Accuracy")).toEqual({ type: "topKAccuracy", k: 3 });
    expect(create("acc").name).toBe("accuracy");
    expect(create({ type: "topKAccuracy", k: 4 }).name).toBe("top4Accuracy");
  });

  test("unknown names and options are refused", () => {
    expect(metricSchema.safeParse("acuracy").success).toBe(false);
    expect(metricSchema.safeParse({ type: "f1", avg: "macro" } as Config).success).toBe(false);
  });

  test("without examples there is no figure", () => {
    for (const type of Object.keys(samples)) {
      const metric = create({ type } as Config);
      expect(metric.result(new Float64Array(metric.statisticsLength))).toBeNaN();
    }
  });

  test("errors are better low, shares high", () => {
    expect(create("accuracy").isHigherBetter).toBe(true);
    expect(create("rmse").isHigherBetter).toBe(false);
    expect(create("r2").isHigherBetter).toBe(true);
  });
});
