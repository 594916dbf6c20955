import { predictBatch } from "../../../src/engine/predict-batch";
import { tf } from "../../../src/runtime/tf";
import { describeEachDevice } from "../../helpers/runtime";

describeEachDevice("predictBatch", () => {
  test("normalizes as in training, drops nothing out, and leaves no tensor", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dropout({ rate: 0.9, inputShape: [2] }),
        tf.layers.dense({ units: 2, kernelInitializer: "identity", useBias: false }),
      ],
    });
    const before = tf.memory().numTensors;
    const outputs = predictBatch(model, (inputs) => inputs.div(255), {
      data: Uint8Array.of(0, 51, 102, 255),
      shape: [2, 2],
    });
    expect(outputs.shape).toEqual([2, 2]);
    Array.from(outputs.data).forEach((value, index) => {
      expect(value).toBeCloseTo([0, 0.2, 0.4, 1][index] as number, 6);
    });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  test("takes numbers as they are", () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: "ones" })],
    });
    const outputs = predictBatch(model, (inputs) => inputs.clone(), {
      data: Float32Array.of(1.5, -0.25),
      shape: [1, 2],
    });
    expect(Array.from(outputs.data)).toEqual([1.25]);
    model.dispose();
  });
});
