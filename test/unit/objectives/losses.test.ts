import { bindLoss, type LossConfig, lossSchema, targetEncoding } from "../../../src/objectives/loss-config";
import { type LossType, lossDefinitions } from "../../../src/objectives/losses/loss-definitions";
import { tf } from "../../../src/runtime/tf";
import { describeEachDevice, startJsRuntime } from "../../helpers/runtime";

/** One example's targets and outputs, and the loss by its published formula, in double precision. */
interface Sample {
  readonly options?: Record<string, unknown>;
  readonly targets: number[];
  readonly outputs: number[];
  formula(targets: number[], outputs: number[]): number;
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]) => sum(values) / values.length;
const zip = (a: number[], b: number[], combine: (x: number, y: number) => number) =>
  a.map((value, index) => combine(value, b[index] as number));

const normalized = (outputs: number[]) => outputs.map((value) => value / sum(outputs));
const crossentropy = (y: number[], x: number[]) => -sum(zip(y, normalized(x), (t, p) => t * Math.log(p)));
const binary = (t: number, p: number) => -(t * Math.log(p) + (1 - t) * Math.log(1 - p));
const unit = (x: number[]) => x.map((value) => value / Math.hypot(...x));

const classes = { targets: [0, 1, 0], outputs: [0.2, 0.5, 0.3] };
const yesNo = { targets: [1, 0], outputs: [0.8, 0.35] };
const values = { targets: [1.5, -2, 0.25], outputs: [1.1, -0.5, 3.5] };
const signs = { targets: [1, -1, 1, -1], outputs: [0.4, 0.3, 2.5, -3] };

const samples: Record<LossType, Sample[]> = {
  categoricalCrossentropy: [
    { ...classes, formula: crossentropy },
    // Keras divides by the sum first, so that outputs need not be probabilities.
    { targets: [0, 1, 0], outputs: [0.4, 1.2, 0.8], formula: crossentropy },
    {
      ...classes,
      options: { labelSmoothing: 0.3 },
      formula: (y, x) =>
        crossentropy(
          y.map((t) => t * 0.7 + 0.1),
          x,
        ),
    },
  ],
  sparseCategoricalCrossentropy: [
    { ...classes, formula: crossentropy },
    {
      ...classes,
      options: { labelSmoothing: 0.3 },
      formula: (y, x) =>
        crossentropy(
          y.map((t) => t * 0.7 + 0.1),
          x,
        ),
    },
  ],
  binaryCrossentropy: [
    { ...yesNo, formula: (y, x) => mean(zip(y, x, binary)) },
    {
      ...yesNo,
      options: { labelSmoothing: 0.2 },
      formula: (y, x) => mean(zip(y, x, (t, p) => binary(t * 0.8 + 0.1, p))),
    },
  ],
  binaryFocalCrossentropy: [
    {
      ...yesNo,
      formula: (y, x) => mean(zip(y, x, (t, p) => (1 - (t * p + (1 - t) * (1 - p))) ** 2 * binary(t, p))),
    },
    {
      ...yesNo,
      options: { gamma: 1.5, alpha: 0.3, applyClassBalancing: true },
      formula: (y, x) =>
        mean(zip(y, x, (t, p) => (t * 0.3 + (1 - t) * 0.7) * (1 - (t * p + (1 - t) * (1 - p))) ** 1.5 * binary(t, p))),
    },
  ],
  categoricalFocalCrossentropy: [
    {
      ...classes,
      formula: (y, x) => -sum(zip(y, normalized(x), (t, p) => 0.25 * (1 - p) ** 2 * t * Math.log(p))),
    },
  ],
  meanSquaredError: [{ ...values, formula: (y, x) => mean(zip(y, x, (t, o) => (t - o) ** 2)) }],
  meanAbsoluteError: [{ ...values, formula: (y, x) => mean(zip(y, x, (t, o) => Math.abs(t - o))) }],
  meanAbsolutePercentageError: [
    { ...values, formula: (y, x) => 100 * mean(zip(y, x, (t, o) => Math.abs((t - o) / t))) },
  ],
  meanSquaredLogarithmicError: [
    {
      targets: [1.5, 0.2],
      outputs: [0.3, 4],
      formula: (y, x) => mean(zip(y, x, (t, o) => (Math.log1p(t) - Math.log1p(o)) ** 2)),
    },
  ],
  huber: [
    {
      ...values,
      formula: (y, x) => mean(zip(y, x, (t, o) => (Math.abs(t - o) <= 1 ? (t - o) ** 2 / 2 : Math.abs(t - o) - 0.5))),
    },
    {
      ...values,
      options: { delta: 2 },
      formula: (y, x) => mean(zip(y, x, (t, o) => (Math.abs(t - o) <= 2 ? (t - o) ** 2 / 2 : 2 * Math.abs(t - o) - 2))),
    },
  ],
  logCosh: [{ ...values, formula: (y, x) => mean(zip(y, x, (t, o) => Math.log(Math.cosh(o - t)))) }],
  hinge: [
    { ...signs, formula: (y, x) => mean(zip(y, x, (t, o) => Math.max(1 - t * o, 0))) },
    {
      targets: [0, 1],
      outputs: [0.4, -0.3],
      formula: (y, x) => mean(zip(y, x, (t, o) => Math.max(1 - (2 * t - 1) * o, 0))),
    },
  ],
  squaredHinge: [{ ...signs, formula: (y, x) => mean(zip(y, x, (t, o) => Math.max(1 - t * o, 0) ** 2)) }],
  categoricalHinge: [
    {
      targets: [0, 1, 0],
      outputs: [0.4, 0.7, 0.2],
      formula: (y, x) =>
        Math.max(1 + Math.max(...zip(y, x, (t, o) => (1 - t) * o)) - sum(zip(y, x, (t, o) => t * o)), 0),
    },
  ],
  poisson: [
    {
      targets: [3, 0, 1],
      outputs: [2.2, 0.4, 1.5],
      formula: (y, x) => mean(zip(y, x, (t, o) => o - t * Math.log(o + 1e-7))),
    },
  ],
  kullbackLeiblerDivergence: [
    {
      targets: [0.2, 0.7, 0.1],
      outputs: [0.3, 0.3, 0.4],
      formula: (y, x) => sum(zip(y, x, (t, o) => t * Math.log(t / o))),
    },
  ],
  cosineProximity: [{ ...values, formula: (y, x) => -sum(zip(unit(y), unit(x), (t, o) => t * o)) }],
};

const cases = Object.entries(samples).flatMap(([type, list]) =>
  list.map((sample) => ({ ...sample, type, name: `${type} ${JSON.stringify(sample.options ?? {})}` })),
);

function parse(type: string, options: Record<string, unknown> = {}): LossConfig {
  return lossSchema.parse({ type, ...options } as Parameters<typeof lossSchema.parse>[0]);
}

function bind(type: string, options?: Record<string, unknown>) {
  const config = parse(type, options);
  const encoding = lossDefinitions[config.type].targets.find((taken) => taken !== "index") ?? "oneHot";
  return bindLoss(config, encoding);
}

describeEachDevice("losses", () => {
  // float32 sums and logarithms: 1e-5 of the value, the double-precision formula being exact to 1e-15.
  test.each(cases)("$name is its formula", ({ type, options, targets, outputs, formula }) => {
    const worse = outputs.map((value) => value * 0.9 + 0.02);
    const losses = tf.tidy(() => {
      const loss = bind(type, options);
      return loss.perExample(tf.tensor2d([targets, targets]), tf.tensor2d([outputs, worse])).arraySync();
    });
    const expected = [formula(targets, outputs), formula(targets, worse)];
    expect(losses).toHaveLength(2);
    losses.forEach((value, index) => {
      const exact = expected[index] as number;
      expect(Math.abs(value - exact)).toBeLessThan(1e-5 * Math.max(1, Math.abs(exact)));
    });
  });

  // Central differences of the formula in double precision are exact to about 1e-9; what is left is float32: 1e-4.
  test.each(cases)("$name has its formula's gradient", ({ type, options, targets, outputs, formula }) => {
    const gradient = tf.tidy(() => {
      const loss = bind(type, options);
      const target = tf.tensor2d([targets]);
      const of = tf.grad((x) => loss.perExample(target, x).sum());
      return Array.from(of(tf.tensor2d([outputs])).dataSync());
    });
    gradient.forEach((value, index) => {
      const at = (delta: number) =>
        formula(
          targets,
          outputs.map((output, other) => (other === index ? output + delta : output)),
        );
      const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(value - slope)).toBeLessThan(1e-4 * Math.max(1, Math.abs(slope)));
    });
  });

  test("a wrong class that is all but certain still teaches: softmax and cross-entropy give p - y", () => {
    const gradient = tf.tidy(() => {
      const loss = bind("categoricalCrossentropy");
      const of = tf.grad((logits) => loss.perExample(tf.tensor2d([[0, 1]]), tf.softmax(logits)).sum());
      return Array.from(of(tf.tensor2d([[30, 0]])).dataSync());
    });
    expect(gradient[0]).toBeCloseTo(1, 5);
    expect(gradient[1]).toBeCloseTo(-1, 5);
  });

  test("a sigmoid that is wrong and all but certain still teaches", () => {
    const gradient = tf.tidy(() => {
      const loss = bind("binaryCrossentropy");
      const of = tf.grad((logits) => loss.perExample(tf.tensor2d([[1]]), tf.sigmoid(logits)).sum());
      return of(tf.tensor2d([[-30]])).dataSync()[0];
    });
    expect(gradient).toBeCloseTo(-1, 5);
  });

  test("certainty gives a finite loss: probabilities are clipped at 1e-7", () => {
    const losses = tf.tidy(() => [
      bind("categoricalCrossentropy")
        .perExample(tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 1]]))
        .dataSync()[0],
      bind("binaryCrossentropy")
        .perExample(tf.tensor2d([[1]]), tf.tensor2d([[0]]))
        .dataSync()[0],
    ]);
    for (const loss of losses) expect(loss).toBeCloseTo(-Math.log(1e-7), 4);
  });

  test("sparse cross-entropy takes class numbers as well", () => {
    const losses = tf.tidy(() => {
      const loss = bindLoss(parse("sparseCategoricalCrossentropy"), "index");
      const outputs = tf.tensor2d([
        [0.2, 0.5, 0.3],
        [0.7, 0.2, 0.1],
      ]);
      return loss.perExample(tf.tensor1d([1, 2], "int32"), outputs).arraySync();
    });
    expect(losses[0]).toBeCloseTo(-Math.log(0.5), 5);
    expect(losses[1]).toBeCloseTo(-Math.log(0.1), 5);
  });

  test("logCosh of a large error is finite", () => {
    const loss = tf.tidy(() =>
      bind("logCosh")
        .perExample(tf.tensor2d([[0], [0]]), tf.tensor2d([[500], [-500]]))
        .arraySync(),
    );
    for (const value of loss) expect(value).toBeCloseTo(500 - Math.LN2, 3);
  });

  test("a perfect output is not moved by the absolute error", () => {
    const gradient = tf.tidy(() => {
      const of = tf.grad((x) =>
        bind("meanAbsoluteError")
          .perExample(tf.tensor2d([[2]]), x)
          .sum(),
      );
      return of(tf.tensor2d([[2]])).dataSync()[0];
    });
    expect(gradient).toBeCloseTo(0, 10);
  });

  test.each(Object.keys(samples))("%s leaves no tensor", (type) => {
    const before = tf.memory().numTensors;
    const { targets, outputs } = samples[type as LossType][0] as Sample;
    tf.tidy(
      () =>
        void tf.grad((x) =>
          bind(type)
            .perExample(tf.tensor2d([targets]), x)
            .sum(),
        )(tf.tensor2d([outputs])),
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("lossSchema", () => {
  beforeAll(startJsRuntime);

  test("a name alone is that loss with its defaults", () => {
    expect(lossSchema.parse("huber")).toEqual({ type: "huber", delta: 1 });
  });

  test("options are checked and others refused", () => {
    expect(lossSchema.safeParse({ type: "huber", delta: 0 }).success).toBe(false);
    expect(lossSchema.safeParse({ type: "huber", Delta: 1 } as never).success).toBe(false);
    expect(lossSchema.safeParse("hubert").success).toBe(false);
  });

  test("targets are encoded as the loss takes them", () => {
    expect(targetEncoding(parse("sparseCategoricalCrossentropy"), "class")).toBe("oneHot");
    expect(targetEncoding(parse("meanSquaredError"), "values")).toBe("values");
    expect(targetEncoding(parse("poisson"), "class")).toBeUndefined();
    expect(targetEncoding(parse("categoricalCrossentropy"), "values")).toBeUndefined();
    expect(() => bindLoss(parse("poisson"), "oneHot")).toThrow("poisson takes no oneHot targets");
  });
});
