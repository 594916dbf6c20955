import { buildModel } from "../../../../src/model/build-model";
import { describeModel } from "../../../../src/model/describe-model";
import { type LayerInput, layerSchema } from "../../../../src/model/layer-config";
import { modelFromArtifacts, modelToArtifacts } from "../../../../src/model/model-artifacts";
import { tf } from "../../../../src/runtime/tf";
import { ConfigError } from "../../../../src/shared/errors";
import { numbersOf } from "../../../helpers/layer-model";
import { describeEachDevice } from "../../../helpers/runtime";

const build = (layers: LayerInput[], request: Partial<Parameters<typeof buildModel>[0]> = {}) =>
  buildModel({
    layers: layers.map((layer) => layerSchema.parse(layer)),
    input: { shape: [2, 1], dtype: "float32" },
    seed: 1,
    ...request,
  });

const predict = (model: tf.LayersModel, x: tf.Tensor) => tf.tidy(() => numbersOf(model.predict(x) as tf.Tensor));

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Sets the weights of the model's only layer, one row of numbers each. */
function setWeights(model: tf.LayersModel, weights: readonly number[][]): void {
  tf.tidy(() =>
    model.setWeights(model.getWeights().map(({ shape }, index) => tf.tensor(weights[index] as number[], shape))),
  );
}

function problemOf(...given: Parameters<typeof build>): string {
  try {
    build(...given);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ message }) => message).join("; ");
    throw error;
  }
  throw new Error("it can be built");
}

describeEachDevice("recurrent layers", () => {
  const x = () => tf.tensor3d([[[0.5], [-1]]]);

  test("a simple recurrent layer by hand", () => {
    const model = build([{ type: "simpleRNN", units: 1 }]);
    setWeights(model, [[2], [0.5], [0.1]]);
    const h = Math.tanh(2 * 0.5 + 0.1);
    expect(predict(model, x())[0]).toBeCloseTo(Math.tanh(-2 + 0.5 * h + 0.1), 6);
    model.dispose();
  });

  test("an LSTM by hand: gates in the order input, forget, cell, output", () => {
    const model = build([{ type: "lstm", units: 1 }]);
    const [kernel, state, bias] = [
      [1, -0.5, 0.8, 0.3],
      [0.2, 0.4, -0.6, 0.9],
      [0.1, 1, 0, -0.2],
    ] as const;
    setWeights(model, [[...kernel], [...state], [...bias]]);
    let [h, c] = [0, 0];
    for (const x of [0.5, -1]) {
      const sum = (gate: 0 | 1 | 2 | 3) => kernel[gate] * x + state[gate] * h + bias[gate];
      c = sigmoid(sum(1)) * c + sigmoid(sum(0)) * Math.tanh(sum(2));
      h = sigmoid(sum(3)) * Math.tanh(c);
    }
    expect(predict(model, x())[0]).toBeCloseTo(h, 6);
    model.dispose();
  });

  test.each([true, false])(
    "a GRU by hand, resetAfter %s: gates in the order update, reset, candidate",
    (resetAfter) => {
      const model = build([{ type: "gru", units: 1, resetAfter }]);
      const [kernel, state, bias, stateBias] = [
        [1, -0.5, 0.8],
        [0.2, 0.4, -0.6],
        [0.1, 1, 0],
        resetAfter ? [-0.3, 0.2, 0.7] : [0, 0, 0],
      ] as [number[], number[], number[], number[]];
      setWeights(model, [kernel, state, resetAfter ? [...bias, ...stateBias] : bias]);
      let h = 0;
      for (const x of [0.5, -1]) {
        const fromInput = kernel.map((weight, gate) => weight * x + (bias[gate] as number));
        const [z, r] = [0, 1].map((gate) =>
          sigmoid((fromInput[gate] as number) + (state[gate] as number) * h + (stateBias[gate] as number)),
        ) as [number, number];
        const [weight, shift] = [state[2] as number, stateBias[2] as number];
        const inner = resetAfter ? r * (weight * h + shift) : weight * (r * h);
        h = z * h + (1 - z) * Math.tanh((fromInput[2] as number) + inner);
      }
      expect(predict(model, x())[0]).toBeCloseTo(h, 6);
      model.dispose();
    },
  );

  test("weights start as Keras's do: orthogonal for the state, 1 for the forget gate, 0 for other biases", () => {
    const model = build([{ type: "lstm", units: 3 }]);
    const [, state, bias] = model.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
    expect(numbersOf(bias)).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    const product = tf.tidy(() => numbersOf(tf.matMul(state, state, false, true)));
    for (const [index, value] of product.entries()) expect(value).toBeCloseTo(index % 4 === 0 ? 1 : 0, 5);
    model.dispose();
  });

  test("two directions have weights of their own, which begin differently", () => {
    const model = build([{ type: "gru", units: 2, bidirectional: true, name: "both" }]);
    const weights = model.getWeights().map(numbersOf);
    expect(weights).toHaveLength(6);
    expect(weights[0]).not.toEqual(weights[3]);
    expect(model.weights.map(({ originalName }) => originalName)).toEqual([
      "both/forward_layer/kernel",
      "both/forward_layer/recurrent_kernel",
      "both/forward_layer/bias",
      "both/backward_layer/kernel",
      "both/backward_layer/recurrent_kernel",
      "both/backward_layer/bias",
    ]);
    expect(describeModel(model).layers[1]).toMatchObject({ type: "gru", parameters: 2 * (3 * 2 + 6 * 2 + 12) });
    model.dispose();
  });

  test("penalties on the weights reach the loss, in both directions and after loading", async () => {
    const layer = { type: "lstm", units: 1, bidirectional: true, kernelRegularizer: { type: "l2", l2: 0.5 } } as const;
    const model = build([layer]);
    const loaded = await modelFromArtifacts(await modelToArtifacts(model));
    for (const each of [model, loaded]) {
      const kernels = each.weights.filter(({ originalName }) => originalName.endsWith("/kernel"));
      const squares = kernels.flatMap((weight) => numbersOf(weight.read())).map((value) => value * value);
      const penalties = tf.tidy(() => each.calculateLosses().flatMap(numbersOf));
      expect(penalties).toHaveLength(2);
      const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
      expect(sum(penalties)).toBeCloseTo(0.5 * sum(squares), 6);
    }
    for (const each of [model, loaded]) each.dispose();
  });

  test("a frozen layer keeps its weights", () => {
    const model = build([{ type: "gru", units: 2, bidirectional: true, trainable: false }]);
    expect(model.trainableWeights).toHaveLength(0);
    expect(model.weights).toHaveLength(6);
    model.dispose();
  });

  test("what can't be built is said", () => {
    expect(problemOf([{ type: "lstm", units: 2, bidirectional: true, goBackwards: true }])).toContain(
      "bidirectional reads the sequence from its end, too",
    );
    expect(
      problemOf([
        { type: "lstm", units: 2 },
        { type: "gru", units: 2 },
      ]),
    ).toContain("gru needs a 3-D input [batch, steps, features]");
    expect(problemOf([{ type: "embedding", outputDim: 2 }], { input: { shape: [3], dtype: "int32" } })).toContain(
      "this data has no vocabulary",
    );
  });

  test("an embedding is as long as the vocabulary", () => {
    const model = build([{ type: "embedding", outputDim: 2 }], {
      input: { shape: [3], dtype: "int32" },
      vocabulary: 11,
    });
    expect(model.getWeights()[0]?.shape).toEqual([11, 2]);
    model.dispose();
  });

  test("an embedding adds up the gradients of a token that comes twice", () => {
    const model = build([{ type: "embedding", inputDim: 4, outputDim: 1 }], { input: { shape: [3], dtype: "int32" } });
    const gradient = tf.tidy(() => {
      const x = tf.tensor2d([[1, 3, 1]], undefined, "int32");
      const factors = tf.tensor3d([[[1], [10], [100]]]);
      const { grads } = tf.variableGrads(
        () => tf.sum(tf.mul(model.apply(x, { training: true }) as tf.Tensor, factors)) as tf.Scalar,
      );
      return Object.values(grads).flatMap(numbersOf);
    });
    expect(gradient).toEqual([0, 101, 0, 10]);
    model.dispose();
  });
});
