import type { HostBatch } from "../../../src/data/batches/host-batch";
import { createEagerEngine } from "../../../src/engine/eager-engine";
import type { Engine, TrainingProgram } from "../../../src/engine/engine";
import { weightNames } from "../../../src/engine/weight-names";
import { bindLoss, lossSchema, targetEncoding } from "../../../src/objectives/loss-config";
import { createMetric, metricSchema } from "../../../src/objectives/metric-config";
import { bindOptimizer, optimizerSchema } from "../../../src/optimization/optimizer-config";
import { tf } from "../../../src/runtime/tf";
import { ConfigError, ModelFolderError } from "../../../src/shared/errors";
import { describeEachDevice } from "../../helpers/runtime";

interface ProgramOptions extends Partial<TrainingProgram> {
  readonly lossConfig?: Parameters<typeof lossSchema.parse>[0];
  readonly optimizerConfig?: Parameters<typeof optimizerSchema.parse>[0];
  readonly metricNames?: readonly string[];
}

function makeProgram(model: tf.LayersModel, options: ProgramOptions = {}): TrainingProgram {
  const { lossConfig = "meanSquaredError", optimizerConfig = "sgd", metricNames = [], ...rest } = options;
  const loss = lossSchema.parse(lossConfig);
  const { classes } = rest;
  const outputWidth = model.outputs[0]?.shape.at(-1) as number;
  return {
    model,
    inputDtype: "float32",
    deviceStage: (inputs) => inputs.clone(),
    augmentation: undefined,
    loss: bindLoss(loss, targetEncoding(loss, classes ? "class" : "values") ?? "values"),
    metrics: metricNames.map((name) => createMetric(metricSchema.parse(name), { classes, outputWidth })),
    optimizer: bindOptimizer(optimizerSchema.parse(optimizerConfig)),
    clipping: undefined,
    classWeights: undefined,
    classes,
    seed: 1,
    ...rest,
  };
}

function valuesBatch(inputs: number[][], targets: number[][]): HostBatch {
  return {
    inputs: { data: Float32Array.from(inputs.flat()), shape: [inputs.length, inputs[0]?.length ?? 0] },
    targets: { data: Float32Array.from(targets.flat()), shape: [targets.length, targets[0]?.length ?? 0] },
    examples: Int32Array.from(inputs.keys()),
    count: inputs.length,
  };
}

function classBatch(inputs: number[][], classes: number[]): HostBatch {
  const { inputs: host, examples, count } = valuesBatch(inputs, [[0]]);
  return { inputs: host, targets: { data: Int32Array.from(classes), shape: [count] }, examples, count };
}

/** One dense layer with given weights. */
function denseModel(
  kernel: number[][],
  bias: number[],
  options: Partial<Parameters<typeof tf.layers.dense>[0]> = {},
): tf.LayersModel {
  const layer = tf.layers.dense({ units: bias.length, inputShape: [kernel.length], name: "out", ...options });
  const model = tf.sequential({ layers: [layer] });
  tf.tidy(() => model.setWeights([tf.tensor2d(kernel), tf.tensor1d(bias)]));
  return model;
}

function weightsOf(model: tf.LayersModel): number[][] {
  return model.getWeights().map((weight) => Array.from(weight.dataSync()));
}

function expectWeights(model: tf.LayersModel, expected: number[][], digits = 6) {
  const found = weightsOf(model);
  expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  const exact = expected.flat();
  for (const [index, value] of found.flat().entries()) expect(value).toBeCloseTo(exact[index] as number, digits);
}

const at = (step: number, learningRate = 0.1) => ({ step, learningRate });

function train(engine: Engine, batch: HostBatch, steps: number, learningRate = 0.1, from = 0) {
  for (let step = from; step < from + steps; step++) engine.trainStep(batch, at(step, learningRate));
}

const softmax = (logits: number[]) => {
  const powers = logits.map(Math.exp);
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
};

describeEachDevice("eager engine", () => {
  // y = 2 x0 - x1 + 0.5 on inputs that span the plane: the least-squares solution is exact.
  const plane = [
    [0, 0],
    [1, 0],
    [0, 1],
    [2, 1],
    [-1, 1],
  ];
  const planeBatch = valuesBatch(
    plane,
    plane.map(([x = 0, y = 0]) => [2 * x - y + 0.5]),
  );

  test("finds the least-squares solution of a linear regression", () => {
    const model = denseModel([[0], [0]], [0]);
    const engine = createEagerEngine(makeProgram(model, { metricNames: ["mae", "r2"] }));
    train(engine, planeBatch, 400);
    expectWeights(model, [[2, -1], [0.5]], 4);
    const statistics = engine.evaluateStep(planeBatch);
    expect(statistics.lossSum / statistics.weight).toBeLessThan(1e-8);
    engine.dispose();
    model.dispose();
  });

  test("one step of a softmax layer is the one computed by hand", () => {
    const kernel = [
      [0.1, -0.2, 0.3],
      [0.4, 0.5, -0.6],
    ];
    const bias = [0.01, 0.02, 0.03];
    const inputs = [
      [1, 2],
      [-1, 0.5],
    ];
    const classes = [2, 0];
    const weights = [1, 1, 3];
    const model = denseModel(kernel, bias, { activation: "softmax" });
    const program = makeProgram(model, {
      lossConfig: "categoricalCrossentropy",
      classes: 3,
      classWeights: weights,
      metricNames: ["accuracy"],
    });
    const statistics = createEagerEngine(program).trainStep(classBatch(inputs, classes), at(0, 0.5));

    const probabilities = inputs.map((input) =>
      softmax(bias.map((b, unit) => b + input.reduce((sum, x, i) => sum + x * (kernel[i]?.[unit] as number), 0))),
    );
    // d/dlogit of the mean of weight * cross-entropy: weight (p - y) / examples.
    const slopes = probabilities.map((row, example) =>
      row.map(
        (p, unit) => ((weights[classes[example] as number] as number) * (p - Number(unit === classes[example]))) / 2,
      ),
    );
    const descend = (value: number, slope: number) => value - 0.5 * slope;
    const newKernel = kernel.map((row, i) =>
      row.map((value, unit) =>
        descend(
          value,
          slopes.reduce((sum, slope, example) => sum + (inputs[example]?.[i] as number) * (slope[unit] as number), 0),
        ),
      ),
    );
    const newBias = bias.map((value, unit) =>
      descend(
        value,
        slopes.reduce((sum, slope) => sum + (slope[unit] as number), 0),
      ),
    );
    expectWeights(model, [newKernel.flat(), newBias]);
    const losses = probabilities.map((row, example) => -Math.log(row[classes[example] as number] as number));
    expect(statistics.lossSum).toBeCloseTo(3 * (losses[0] as number) + (losses[1] as number), 5);
    expect(statistics).toMatchObject({ count: 2, weight: 4, penalty: 0 });
    const hits = probabilities.filter((row, example) => row.indexOf(Math.max(...row)) === classes[example]).length;
    expect(Array.from(statistics.metrics[0] ?? [])).toEqual([hits, 2]);
    model.dispose();
  });

  test("a single sigmoid unit tells two classes apart, with class weights", () => {
    const model = denseModel([[0.5]], [0], { activation: "sigmoid" });
    const program = makeProgram(model, {
      lossConfig: { type: "binaryCrossentropy", labelSmoothing: 0.2 },
      classes: 2,
      classWeights: [2, 0.5],
      metricNames: ["accuracy"],
    });
    const engine = createEagerEngine(program);
    const statistics = engine.trainStep(classBatch([[2], [-1]], [1, 0]), at(0, 1));
    const [p1, p0] = [1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(0.5))];
    const [slope1, slope0] = [(0.5 * (p1 - 0.9)) / 2, (2 * (p0 - 0.1)) / 2];
    expectWeights(model, [[0.5 - (2 * slope1 - slope0)], [-(slope1 + slope0)]]);
    expect(statistics.weight).toBe(2.5);
    expect(Array.from(statistics.metrics[0] ?? [])).toEqual([2, 2]);
    model.dispose();
  });

  test("regularizers add their gradient and are told as the penalty, apart from the loss", () => {
    const model = denseModel([[3]], [0], { kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }) });
    const engine = createEagerEngine(makeProgram(model));
    const statistics = engine.trainStep(valuesBatch([[1]], [[1]]), at(0, 0.1));
    // Loss (3 - 1)^2, slope 4; penalty 0.1 * 9, slope 0.6.
    expect(statistics.lossSum).toBeCloseTo(4, 6);
    expect(statistics.penalty).toBeCloseTo(0.9, 6);
    expectWeights(model, [[3 - 0.1 * 4.6], [-0.4]]);
    expect(engine.evaluateStep(valuesBatch([[0]], [[0]])).penalty).toBeCloseTo(0.1 * 2.54 ** 2, 6);
    model.dispose();
  });

  test("clipping limits the step, over all weights together", () => {
    const model = denseModel([[0], [0]], [0]);
    const engine = createEagerEngine(makeProgram(model, { clipping: { globalNorm: 1 } }));
    engine.trainStep(valuesBatch([[2, 1]], [[10]]), at(0, 1));
    // The gradient is -20 (2, 1, 1), of norm 20 * root 6.
    expectWeights(model, [[2 / Math.sqrt(6), 1 / Math.sqrt(6)], [1 / Math.sqrt(6)]]);
    model.dispose();
  });

  test("constraints hold after the update", () => {
    const model = denseModel([[0.5]], [0], { kernelConstraint: tf.constraints.nonNeg() });
    createEagerEngine(makeProgram(model)).trainStep(valuesBatch([[1]], [[-9]]), at(0, 0.5));
    expectWeights(model, [[0], [-9.5]]);
    model.dispose();
  });

  test("learns exclusive or, which no single layer can", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 8,
          inputShape: [2],
          activation: "tanh",
          kernelInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: 3 }),
        }),
        tf.layers.dense({
          units: 2,
          activation: "softmax",
          kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }),
        }),
      ],
    });
    const corners = classBatch(
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      [0, 1, 1, 0],
    );
    const program = makeProgram(model, {
      lossConfig: "sparseCategoricalCrossentropy",
      optimizerConfig: "adam",
      classes: 2,
      metricNames: ["accuracy"],
    });
    const engine = createEagerEngine(program);
    train(engine, corners, 300, 0.03);
    expect(Array.from(engine.evaluateStep(corners).metrics[0] ?? [])).toEqual([4, 4]);
    engine.dispose();
    model.dispose();
  });

  test("evaluation changes nothing, and batches add up to the whole", () => {
    const model = denseModel([[1], [1]], [0]);
    const engine = createEagerEngine(makeProgram(model, { metricNames: ["mse"] }));
    const before = weightsOf(model);
    const whole = engine.evaluateStep(planeBatch);
    const targets = plane.map(([x = 0, y = 0]) => [2 * x - y + 0.5]);
    const parts = [
      engine.evaluateStep(valuesBatch(plane.slice(0, 3), targets.slice(0, 3))),
      engine.evaluateStep(valuesBatch(plane.slice(3), targets.slice(3))),
    ];
    expect(parts.reduce((sum, { lossSum }) => sum + lossSum, 0)).toBeCloseTo(whole.lossSum, 5);
    expect(parts.reduce((sum, { metrics }) => sum + (metrics[0]?.[0] ?? 0), 0)).toBeCloseTo(whole.lossSum, 5);
    expect(weightsOf(model)).toEqual(before);
    model.dispose();
  });

  test("pixels come as bytes, are changed in training alone, and normalized in both", () => {
    const model = denseModel([[0]], [0]);
    const seen: string[] = [];
    const program = makeProgram(model, {
      deviceStage: (inputs) => {
        seen.push(`stage ${Array.from(inputs.dataSync())}`);
        return inputs.div(255);
      },
      augmentation: ({ inputs, targets }, seeds) => {
        expect(Array.isArray(seeds) ? seeds[1] : Number.NaN).toBe(7);
        return { inputs: inputs.add(1), targets };
      },
    });
    const engine = createEagerEngine(program);
    const batch = { ...valuesBatch([[0]], [[1]]), inputs: { data: Uint8Array.of(254), shape: [1, 1] } };
    engine.trainStep(batch, at(7, 0.5));
    expectWeights(model, [[1], [1]]);
    engine.evaluateStep(batch);
    expect(seen).toEqual(["stage 255", "stage 254"]);
    model.dispose();
  });

  test("mixed targets: the loss takes the shares, metrics the larger", () => {
    const model = denseModel([[0, 0]], [0, 0], { activation: "softmax" });
    const program = makeProgram(model, {
      lossConfig: "categoricalCrossentropy",
      classes: 2,
      classWeights: [1, 3],
      metricNames: ["accuracy"],
      augmentation: ({ inputs, targets }) => ({
        inputs: inputs.clone(),
        targets: targets.mul(0.4).add(targets.reverse(0).mul(0.6)),
      }),
    });
    const statistics = createEagerEngine(program).trainStep(classBatch([[1], [1]], [0, 1]), at(0));
    // The first becomes 0.4 of class 0 and 0.6 of class 1, weight 2.2; the second 0.6 and 0.4, weight 1.8.
    expect(statistics.lossSum).toBeCloseTo(4 * Math.LN2, 5);
    expect(statistics.weight).toBeCloseTo(4, 5);
    // Both outputs are equal, so class 0 is predicted; by its larger share only the second is of class 0.
    expect(Array.from(statistics.metrics[0] ?? [])).toEqual([1, 2]);
    model.dispose();
  });

  test("batch normalization's statistics move in training and not in evaluation", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.batchNormalization({ inputShape: [1], momentum: 0.9, name: "norm" }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    const engine = createEagerEngine(makeProgram(model));
    const batch = valuesBatch([[2], [4]], [[0], [0]]);
    engine.evaluateStep(batch);
    const mean = () => model.getLayer("norm").getWeights()[2]?.dataSync()[0];
    expect(mean()).toBe(0);
    engine.trainStep(batch, at(0));
    expect(mean()).toBeCloseTo(0.3, 6);
    model.dispose();
  });

  const kinds = ["sgd", "momentum", "adagrad", "adadelta", "adam", "adamw", "adamax", "nadam", "rmsprop"] as const;

  test.each(kinds)("%s: twenty steps leave no tensor, slots included once it is disposed", (optimizerConfig) => {
    const model = denseModel([[0.1], [0.2]], [0]);
    const before = tf.memory().numTensors;
    const engine = createEagerEngine(makeProgram(model, { optimizerConfig, metricNames: ["mae", "r2"] }));
    train(engine, planeBatch, 1);
    const running = tf.memory().numTensors;
    train(engine, planeBatch, 20);
    engine.evaluateStep(planeBatch);
    expect(tf.memory().numTensors).toBe(running);
    engine.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  test.each(kinds)("%s: goes on from its slots to the same weights, bit for bit", (optimizerConfig) => {
    const run = (interrupt: boolean) => {
      const model = denseModel([[0.1], [0.2]], [0]);
      const program = makeProgram(model, { optimizerConfig });
      let engine = createEagerEngine(program);
      train(engine, planeBatch, 3);
      if (interrupt) {
        const saved = JSON.parse(
          JSON.stringify(Object.entries(engine.readSlots()), (_key, value) =>
            value instanceof Float32Array ? Array.from(value) : value,
          ),
        );
        engine.dispose();
        engine = createEagerEngine(program);
        const slots = (saved as [string, { data: number[]; shape: number[] }][]).map(
          ([name, { data, shape }]) => [name, { data: Float32Array.from(data), shape }] as const,
        );
        engine.restoreSlots(Object.fromEntries(slots));
      }
      train(engine, planeBatch, 3, 0.1, 3);
      const weights = weightsOf(model);
      engine.dispose();
      model.dispose();
      return weights;
    };
    expect(run(true)).toEqual(run(false));
  });

  test("slots have the weights' names and shapes, and foreign ones are refused", () => {
    const model = denseModel([[0.1], [0.2]], [0]);
    const engine = createEagerEngine(makeProgram(model, { optimizerConfig: "adam" }));
    const slots = engine.readSlots();
    const shapes = Object.entries(slots).map(([name, { shape }]) => `${name} [${shape}]`);
    expect(shapes.sort()).toEqual([
      "out/bias/mean [1]",
      "out/bias/square [1]",
      "out/kernel/mean [2,1]",
      "out/kernel/square [2,1]",
    ]);
    expect(() => engine.restoreSlots({})).toThrow(ModelFolderError);
    expect(() => engine.restoreSlots({})).toThrow("out/kernel/mean is missing, expected [2,1]");
    engine.restoreSlots(slots);
    engine.dispose();
    model.dispose();
  });

  test("a model with nothing to train is the config's fault", () => {
    const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 1] })] });
    expect(() => createEagerEngine(makeProgram(model))).toThrow(ConfigError);
    model.dispose();
  });
});

describeEachDevice("a small convolutional net", (device) => {
  test("the same seed gives the same bytes in two runs", () => {
    const run = () => {
      const initial = (seed: number) => tf.initializers.glorotUniform({ seed });
      const model = tf.sequential({
        layers: [
          tf.layers.conv2d({
            inputShape: [8, 8, 1],
            filters: 4,
            kernelSize: 3,
            activation: "relu",
            kernelInitializer: initial(1),
          }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: initial(2) }),
        ],
      });
      const program = makeProgram(model, {
        lossConfig: "categoricalCrossentropy",
        optimizerConfig: "adam",
        classes: 3,
        deviceStage: (inputs) => inputs.div(255),
      });
      const engine = createEagerEngine(program);
      const count = 16;
      const batch: HostBatch = {
        inputs: { data: Uint8Array.from({ length: count * 64 }, (_, i) => (i * 7919) % 256), shape: [count, 8, 8, 1] },
        targets: { data: Int32Array.from({ length: count }, (_, i) => i % 3), shape: [count] },
        examples: new Int32Array(count),
        count,
      };
      train(engine, batch, device === "cpu" ? 30 : 5, 0.01);
      const weights = weightsOf(model);
      engine.dispose();
      model.dispose();
      return weights;
    };
    expect(run()).toEqual(run());
  });

  test("names of weights are the same however often a model was built before", () => {
    const names = () => {
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 2, inputShape: [2], name: "a" }), tf.layers.dense({ units: 1, name: "b" })],
      });
      const found = weightNames(model.weights);
      model.dispose();
      return found;
    };
    expect(names()).toEqual(["a/kernel", "a/bias", "b/kernel", "b/bias"]);
    expect(names()).toEqual(names());
  });
});
