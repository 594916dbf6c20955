import { readModelWeights } from "../../../src/checkpoint/model-weights";
import type { TrainingProgram } from "../../../src/engine/engine";
import { observeGradients } from "../../../src/engine/observe-gradients";
import { bindLoss, lossSchema } from "../../../src/objectives/loss-config";
import { bindOptimizer, optimizerSchema } from "../../../src/optimization/optimizer-config";
import { tf } from "../../../src/runtime/tf";
import { describeEachDevice } from "../../helpers/runtime";

const program = (model: tf.LayersModel): TrainingProgram => ({
  model,
  inputDtype: "float32",
  deviceStage: (inputs) => inputs.clone(),
  augmentation: undefined,
  loss: bindLoss(lossSchema.parse("meanSquaredError"), "values"),
  metrics: [],
  optimizer: bindOptimizer(optimizerSchema.parse("sgd")),
  clipping: undefined,
  classWeights: undefined,
  classes: undefined,
  seed: 1,
});

const batch = {
  inputs: { data: Float32Array.of(1, 3), shape: [2, 1] },
  targets: { data: Float32Array.of(0, 10), shape: [2, 1] },
  examples: Int32Array.of(0, 1),
  count: 2,
};

describeEachDevice("gradients that are looked at", () => {
  test("are those of the mean loss, by hand", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 1, inputShape: [1], name: "out", weights: [tf.tensor2d([[2]]), tf.tensor1d([1])] }),
      ],
    });
    // Outputs 3 and 7, errors 3 and -3: d/dw = mean(2 e x) = (6 - 18) / 2, d/db = mean(2 e) = 0.
    const gradients = observeGradients(program(model), batch, 0);
    expect(Object.fromEntries(gradients)).toEqual({
      "out/kernel": Float32Array.of(-6),
      "out/bias": Float32Array.of(0),
    });
    model.dispose();
  });

  test("leave the model as it was, statistics of batch normalization included, and no tensor", () => {
    const model = tf.sequential({
      layers: [tf.layers.batchNormalization({ inputShape: [1] }), tf.layers.dense({ units: 1 })],
    });
    const before = readModelWeights(model);
    observeGradients(program(model), batch, 0);
    const { numTensors } = tf.memory();
    observeGradients(program(model), batch, 1);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(readModelWeights(model)).toEqual(before);
    model.dispose();
  });
});
