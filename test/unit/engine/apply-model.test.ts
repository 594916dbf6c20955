import { applyModel } from "../../../src/engine/apply-model";
import { buildModel } from "../../../src/model/build-model";
import { layerSchema } from "../../../src/model/layer-config";
import { bindLoss, lossSchema } from "../../../src/objectives/loss-config";
import { tf } from "../../../src/runtime/tf";
import { describeEachDevice } from "../../helpers/runtime";

/** A model whose logits are its bias: the loss of one example, and the loss's gradient with respect to the bias. */
function lossAndGradient(layers: object[], loss: string, logits: number[], target: number[]) {
  const model = buildModel({
    layers: [{ type: "dense", units: logits.length, name: "scores" }, ...layers].map((layer) =>
      layerSchema.parse(layer),
    ),
    input: { shape: [1], dtype: "float32" },
    seed: 1,
  });
  try {
    return tf.tidy(() => {
      model.getLayer("scores").setWeights([tf.zeros([1, logits.length]), tf.tensor1d(logits)]);
      const { perExample } = bindLoss(lossSchema.parse(loss), "oneHot");
      const compute = () =>
        perExample(tf.tensor2d([target]), applyModel(model, tf.ones([1, 1]), true)).sum() as tf.Scalar;
      const variable = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const { value, grads } = tf.variableGrads(compute, variable);
      const name = variable.find(({ shape }) => shape.length === 1)?.name as string;
      return { loss: value.dataSync()[0], gradient: [...(grads[name] as tf.Tensor).dataSync()] };
    });
  } finally {
    model.dispose();
  }
}

describeEachDevice("losses of a model's outputs", () => {
  test.each<[string, object]>([
    ["an activation", { type: "activation", activation: "softmax" }],
    ["a layer", { type: "softmax" }],
  ])("crossentropy behind a softmax (%s) that is 0 in float32 where it should be 1", (_name, layer) => {
    const { loss, gradient } = lossAndGradient([layer], "categoricalCrossentropy", [300, -300, 0], [0, 1, 0]);
    // -log p = log(e^300 + e^-300 + 1) + 300; the gradient is p - y.
    expect(loss).toBeCloseTo(600, 3);
    expect(gradient).toEqual([1, -1, 0]);
  });

  test("binary crossentropy behind a sigmoid that is 1 in float32 where it should be 0", () => {
    const layer = { type: "activation", activation: "sigmoid" };
    const { loss, gradient } = lossAndGradient([layer], "binaryCrossentropy", [40, -2, 0], [0, 0, 1]);
    const logistic = 1 / (1 + Math.exp(2));
    expect(loss).toBeCloseTo((40 - Math.log(1 - logistic) + Math.log(2)) / 3, 5);
    [1 / 3, logistic / 3, -1 / 6].forEach((expected, at) => {
      expect(gradient[at]).toBeCloseTo(expected, 6);
    });
  });

  test("the same loss as of the probabilities alone, where these are not near 0 or 1", () => {
    const [logits, target] = [
      [0.3, -1.2, 0.8],
      [0, 0, 1],
    ];
    const { loss } = lossAndGradient([{ type: "softmax" }], "categoricalCrossentropy", logits, target);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
    expect(loss).toBeCloseTo(Math.log(sum) - 0.8, 6);
  });

  test("the layer is left as it was, and no tensor is left", () => {
    const layers = [layerSchema.parse({ type: "dense", units: 2, activation: "softmax" })];
    const model = buildModel({ layers, input: { shape: [3], dtype: "float32" }, seed: 1 });
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const inputs = tf.tensor2d([[0.1, 0.2, 0.3]]);
      const outputs = applyModel(model, inputs, false).dataSync();
      expect(outputs).toEqual((model.predict(inputs) as tf.Tensor).dataSync());
      expect((outputs[0] as number) + (outputs[1] as number)).toBeCloseTo(1, 6);
    });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});
