import { createInitializer, initializerSchema } from "../../../src/model/initializers";
import { initializerDefinitions } from "../../../src/model/initializers/initializer-definitions";
import { normalQuantile } from "../../../src/model/initializers/normal-quantile";
import { startRuntime } from "../../../src/runtime/start-runtime";
import { tf } from "../../../src/runtime/tf";
import { numbersOf } from "../../helpers/layer-model";
import { describeNative, startJsRuntime } from "../../helpers/runtime";

beforeAll(() => startJsRuntime());

type Given = Parameters<typeof initializerSchema.parse>[0];

function draw(config: Given, shape: number[], seed = 4): number[] {
  const weights = createInitializer(initializerSchema.parse(config), seed).apply(shape);
  try {
    return numbersOf(weights);
  } finally {
    weights.dispose();
  }
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
function deviation(values: number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

test("normal quantiles are those of the tables", () => {
  expect(normalQuantile(0.5)).toBe(0);
  // Known to 16 digits (R's qnorm).
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 14);
  expect(normalQuantile(1e-6)).toBeCloseTo(-4.753424308822899, 13);
  expect(normalQuantile(0.6)).toBeCloseTo(0.2533471031357997, 14);
});

// 3 x 3 window, 20 inputs, 50 outputs: 180 inputs and 450 outputs of a unit. Standard deviations are Keras 3's formulas;
// with 9000 draws their standard error is below 0.8 %, so 3 % is four of them.
test.each<[Given, number, number]>([
  ["glorotUniform", Math.sqrt(2 / 630), Math.sqrt(6 / 630)],
  ["glorotNormal", Math.sqrt(2 / 630), (2 * Math.sqrt(2 / 630)) / 0.8796256610342398],
  ["heUniform", Math.sqrt(2 / 180), Math.sqrt(6 / 180)],
  ["heNormal", Math.sqrt(2 / 180), (2 * Math.sqrt(2 / 180)) / 0.8796256610342398],
  ["leCunUniform", Math.sqrt(1 / 180), Math.sqrt(3 / 180)],
  ["leCunNormal", Math.sqrt(1 / 180), (2 * Math.sqrt(1 / 180)) / 0.8796256610342398],
  [
    { type: "varianceScaling", scale: 3, mode: "fanOut", distribution: "untruncatedNormal" },
    Math.sqrt(3 / 450),
    Infinity,
  ],
  ["randomUniform", 0.1 / Math.sqrt(12), 0.05],
  ["randomNormal", 0.05, Infinity],
  [{ type: "truncatedNormal", stddev: 2 }, 2 * 0.8796256610342398, 4],
])("%j has its standard deviation and its ends", (config, expected, end) => {
  const values = draw(config, [3, 3, 20, 50]);
  expect(Math.abs(mean(values))).toBeLessThan((5 * expected) / Math.sqrt(9000));
  expect(Math.abs(deviation(values) / expected - 1)).toBeLessThan(0.03);
  const greatest = Math.max(...values.map(Math.abs));
  expect(greatest).toBeLessThanOrEqual(end * (1 + 1e-6));
  if (Number.isFinite(end)) expect(greatest).toBeGreaterThan(0.97 * end);
});

test("a range may begin at 0", () => {
  const values = draw({ type: "randomUniform", minval: 0, maxval: 1 }, [1000]);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  const record = createInitializer(
    initializerSchema.parse({ type: "randomUniform", minval: 0, maxval: 1 }),
    0,
  ).getConfig();
  expect(record).toMatchObject({ minval: 0, maxval: 1 });
});

test.each([[[6, 4]], [[4, 6]], [[2, 2, 2, 5]]])(
  "orthogonal weights of %j have orthonormal columns or rows",
  (shape) => {
    const columns = shape.at(-1) as number;
    const values = draw({ type: "orthogonal", gain: 2 }, shape);
    const matrix = tf.tensor2d(values, [values.length / columns, columns]);
    const isTall = values.length / columns >= columns;
    const product = isTall ? tf.matMul(matrix, matrix, true) : tf.matMul(matrix, matrix, false, true);
    const size = product.shape[0] as number;
    numbersOf(product).forEach((value, index) => {
      // Gain 2 squared on the diagonal; float32.
      expect(value).toBeCloseTo(index % (size + 1) === 0 ? 4 : 0, 5);
    });
    tf.dispose([matrix, product]);
  },
);

test("constants", () => {
  expect(draw("zeros", [2])).toEqual([0, 0]);
  expect(draw("ones", [2])).toEqual([1, 1]);
  expect(draw({ type: "constant", value: -0.5 }, [2])).toEqual([-0.5, -0.5]);
  expect(draw({ type: "identity", gain: 3 }, [2, 3])).toEqual([3, 0, 0, 0, 3, 0]);
  expect(() => draw("identity", [2, 2, 2])).toThrow("needs weights of two axes");
  expect(() => draw("orthogonal", [2])).toThrow("needs weights of two axes or more");
});

test("every kind depends on its seed only, and leaves nothing behind", () => {
  const before = tf.memory().numTensors;
  for (const type of Object.keys(initializerDefinitions)) {
    const first = draw(type as Given, [5, 5]);
    expect(draw(type as Given, [5, 5])).toEqual(first);
    const isConstant = ["zeros", "ones", "constant", "identity"].includes(type);
    if (!isConstant) expect(draw(type as Given, [5, 5], 9)).not.toEqual(first);
  }
  expect(tf.memory().numTensors).toBe(before);
});

describeNative("initializers", () => {
  test("give the same bits as on the js device", async () => {
    const types = Object.keys(initializerDefinitions) as Given[];
    const all = () => types.map((type) => draw(type, [7, 9]));
    await startRuntime("cpu");
    const native = all();
    await startRuntime("js");
    expect(all()).toEqual(native);
  });
});
