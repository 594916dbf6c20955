import { bindOptimizer, optimizerSchema } from "../../../src/optimization/optimizer-config";
import type { OptimizerType } from "../../../src/optimization/optimizers/optimizer-definitions";
import { tf } from "../../../src/runtime/tf";
import { describeEachDevice, startJsRuntime } from "../../helpers/runtime";

type Config = Parameters<typeof optimizerSchema.parse>[0];

/** A step of one weight in double precision, written from Keras 3's documentation and the papers; `s` holds what it remembers. */
type Reference = (w: number, g: number, t: number, s: Record<string, number>) => number;

interface Sample {
  readonly options?: Record<string, unknown>;
  readonly reference: Reference;
  /** tfjs's own optimizer, where it has the same formula. */
  readonly tfjs?: () => tf.Optimizer;
}

const get = (s: Record<string, number>, name: string, first = 0) => s[name] ?? first;

const adam =
  ({ rate = 0.001, amsgrad = false } = {}): Reference =>
  (w, g, t, s) => {
    s.m = 0.9 * get(s, "m") + 0.1 * g;
    s.v = 0.999 * get(s, "v") + 0.001 * g * g;
    s.vMax = Math.max(get(s, "vMax"), s.v);
    const alpha = (rate * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
    return w - (alpha * s.m) / (Math.sqrt(amsgrad ? s.vMax : s.v) + 1e-7);
  };

const momentum =
  (rate: number, share: number, nesterov: boolean): Reference =>
  (w, g, _t, s) => {
    s.v = share * get(s, "v") - rate * g;
    return nesterov ? w + share * s.v - rate * g : w + s.v;
  };

const samples: Record<OptimizerType, Sample[]> = {
  sgd: [
    { reference: (w, g) => w - 0.01 * g, tfjs: () => tf.train.sgd(0.01) },
    {
      options: { learningRate: 0.1, momentum: 0.8, nesterov: true },
      reference: momentum(0.1, 0.8, true),
      tfjs: () => tf.train.momentum(0.1, 0.8, true),
    },
  ],
  momentum: [
    { reference: momentum(0.01, 0.9, false), tfjs: () => tf.train.momentum(0.01, 0.9) },
    { options: { nesterov: true }, reference: momentum(0.01, 0.9, true) },
  ],
  adagrad: [
    {
      options: { learningRate: 0.1 },
      reference: (w, g, _t, s) => {
        s.a = get(s, "a", 0.1) + g * g;
        return w - (0.1 * g) / Math.sqrt(s.a + 1e-7);
      },
      tfjs: () => tf.train.adagrad(0.1, 0.1),
    },
  ],
  adadelta: [
    {
      options: { learningRate: 1 },
      reference: (w, g, _t, s) => {
        s.a = 0.95 * get(s, "a") + 0.05 * g * g;
        const move = (g * Math.sqrt(get(s, "d") + 1e-7)) / Math.sqrt(s.a + 1e-7);
        s.d = 0.95 * get(s, "d") + 0.05 * move * move;
        return w - move;
      },
      // Not compared: tfjs divides by the average of before this step, which the paper does not.
    },
  ],
  adam: [
    { reference: adam(), tfjs: () => tf.train.adam(0.001, 0.9, 0.999, 1e-7) },
    { options: { learningRate: 0.05, amsgrad: true }, reference: adam({ rate: 0.05, amsgrad: true }) },
  ],
  adamw: [
    { reference: (w, g, t, s) => adam()(w * (1 - 0.001 * 0.004), g, t, s) },
    {
      options: { learningRate: 0.01, weightDecay: 0.5 },
      reference: (w, g, t, s) => adam({ rate: 0.01 })(w * (1 - 0.01 * 0.5), g, t, s),
    },
  ],
  adamax: [
    {
      options: { learningRate: 0.002 },
      reference: (w, g, t, s) => {
        s.m = 0.9 * get(s, "m") + 0.1 * g;
        s.u = Math.max(0.999 * get(s, "u"), Math.abs(g));
        return w - (0.002 * s.m) / ((1 - 0.9 ** t) * (s.u + 1e-7));
      },
      tfjs: () => tf.train.adamax(0.002, 0.9, 0.999, 1e-7),
    },
  ],
  nadam: [
    {
      options: { learningRate: 0.01 },
      reference: (w, g, t, s) => {
        const u = (at: number) => 0.9 * (1 - 0.5 * 0.96 ** at);
        s.product = get(s, "product", 1) * u(t);
        s.m = 0.9 * get(s, "m") + 0.1 * g;
        s.v = 0.999 * get(s, "v") + 0.001 * g * g;
        const m = (u(t + 1) * s.m) / (1 - s.product * u(t + 1)) + ((1 - u(t)) * g) / (1 - s.product);
        return w - (0.01 * m) / (Math.sqrt(s.v / (1 - 0.999 ** t)) + 1e-7);
      },
    },
  ],
  rmsprop: [
    {
      reference: (w, g, _t, s) => {
        s.v = 0.9 * get(s, "v") + 0.1 * g * g;
        return w - (0.001 * g) / Math.sqrt(s.v + 1e-7);
      },
      tfjs: () => tf.train.rmsprop(0.001, 0.9, 0, 1e-7),
    },
    {
      options: { momentum: 0.5, centered: true },
      reference: (w, g, _t, s) => {
        s.v = 0.9 * get(s, "v") + 0.1 * g * g;
        s.a = 0.9 * get(s, "a") + 0.1 * g;
        s.m = 0.5 * get(s, "m") + (0.001 * g) / Math.sqrt(s.v - s.a ** 2 + 1e-7);
        return w - s.m;
      },
    },
  ],
};

const cases = Object.entries(samples).flatMap(([type, list]) =>
  list.map((sample) => ({ ...sample, type, name: `${type} ${JSON.stringify(sample.options ?? {})}` })),
);

const start = [1, -0.5, 0.25];
const gradients = [
  [0.3, -2, 0.001],
  [0.1, 1, 0.002],
  [-0.4, 0.5, 0],
  [0.2, -0.1, -0.003],
];

function run(config: Config, isDecayed = true): number[][] {
  const optimizer = bindOptimizer(optimizerSchema.parse(config));
  return tf.tidy(() => {
    let value: tf.Tensor = tf.tensor1d(start);
    let slots: Readonly<Record<string, tf.Tensor>> = Object.fromEntries(
      Object.entries(optimizer.slots).map(([name, first]) => [name, tf.fill([start.length], first)]),
    );
    return gradients.map((gradient, index) => {
      const at = { learningRate: optimizer.learningRate, step: index + 1 };
      const scalars = Object.fromEntries(Object.entries(optimizer.scalars(at)).map(([k, v]) => [k, tf.scalar(v)]));
      const updated = optimizer.update({ value, gradient: tf.tensor1d(gradient), isDecayed }, slots, scalars);
      expect(Object.keys(updated.slots).sort()).toEqual(Object.keys(optimizer.slots).sort());
      ({ value, slots } = updated);
      return Array.from(value.dataSync());
    });
  });
}

describeEachDevice("optimizers", () => {
  // Weights of size 1 in float32 over four steps: 2e-6.
  test.each(cases)("$name takes the formula's steps", ({ type, options, reference }) => {
    const states = start.map((): Record<string, number> => ({}));
    let weights = start;
    const found = run({ type, ...options } as Config);
    gradients.forEach((gradient, step) => {
      weights = weights.map((weight, index) =>
        reference(weight, gradient[index] as number, step + 1, states[index] as Record<string, number>),
      );
      weights.forEach(
        (weight, index) => void expect(Math.abs((found[step]?.[index] as number) - weight)).toBeLessThan(2e-6),
      );
    });
  });

  // tfjs puts epsilon elsewhere in some, which shows for small gradients: the third weight is left out, and 5e-5 allowed.
  test.each(cases.filter(({ tfjs }) => tfjs))("$name agrees with tfjs's own", ({ type, options, tfjs }) => {
    const variable = tf.variable(tf.tensor1d(start));
    const own = (tfjs as () => tf.Optimizer)();
    const found = run({ type, ...options } as Config);
    gradients.forEach((gradient, step) => {
      const tensor = tf.tensor1d(gradient);
      own.applyGradients({ [variable.name]: tensor });
      tensor.dispose();
      const expected = Array.from(variable.dataSync());
      for (const index of [0, 1]) expect(found[step]?.[index]).toBeCloseTo(expected[index] as number, 4);
    });
    own.dispose();
    variable.dispose();
  });

  test("adamw spares weights of one axis only when told to", () => {
    const plain = run({ type: "adam", learningRate: 0.01 } as Config);
    const strong = { type: "adamw", learningRate: 0.01, weightDecay: 0.5 };
    expect(run({ ...strong, decayBiasAndNorm: false } as Config, false)).toEqual(plain);
    expect(run({ ...strong, decayBiasAndNorm: false } as Config, true)).not.toEqual(plain);
    expect(run(strong as Config, false)).not.toEqual(plain);
  });
});

describe("optimizerSchema", () => {
  beforeAll(startJsRuntime);

  test("defaults are Keras 3's", () => {
    expect(optimizerSchema.parse("adam")).toEqual({
      type: "adam",
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
      amsgrad: false,
    });
    expect(optimizerSchema.parse("sgd")).toEqual({ type: "sgd", learningRate: 0.01, momentum: 0, nesterov: false });
  });

  test("a rate of 0 or less, a share of 1 or more, and unknown keys are refused", () => {
    for (const options of [{ learningRate: 0 }, { beta1: 1 }, { lr: 0.1 }]) {
      expect(optimizerSchema.safeParse({ type: "adam", ...options } as Config).success).toBe(false);
    }
  });

  test("nadam's momentum product goes on past its thousand counted steps", () => {
    const { scalars } = bindOptimizer(optimizerSchema.parse({ type: "nadam", beta1: 0.9999 }));
    const at = (step: number) => scalars({ learningRate: 1, step }).gradientShare as number;
    let product = 1;
    for (let step = 1; step <= 1500; step++) product *= 0.9999 * (1 - 0.5 * 0.96 ** step);
    expect(at(1500)).toBeCloseTo((1 - 0.9999) / (1 - product), 12);
  });
});
