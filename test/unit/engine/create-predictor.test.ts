import { createPredictor } from "../../../src/engine/create-predictor";
import { predictBatch } from "../../../src/engine/predict-batch";
import { tf } from "../../../src/runtime/tf";
import { modelOf } from "../../helpers/layer-model";
import { titledSamples } from "../../helpers/layer-samples";
import { describeNative } from "../../helpers/runtime";

describeNative("a compiled predictor gives the eager outputs within 1e-6", () => {
  test.each(titledSamples)("layer %s", (_, sample) => {
    const model = modelOf(sample);
    const [input] = model.inputs;
    const shape = input?.shape.slice(1) as number[];
    const dtype = input?.dtype === "int32" ? "int32" : "uint8";
    const stage = (x: tf.Tensor) => (dtype === "uint8" ? tf.div(tf.sub(x, 100), 64) : x);
    const before = tf.memory().numTensors;
    const predictor = createPredictor(model, stage, { dtype, examples: 1000 });
    for (const count of [1, 7]) {
      const length = shape.reduce((product, size) => product * size, count);
      const bytes = Uint8Array.from({ length }, (_, index) => 127 + 120 * Math.sin(index * index * 0.37 + index));
      const data = dtype === "uint8" ? bytes : Int32Array.from(bytes, (value) => value % 3);
      const batch = { data, shape: [count, ...shape] };
      const expected = predictBatch(model, stage, batch);
      const actual = predictor.predict(batch);
      expect(actual.shape).toEqual(expected.shape);
      const distances = Array.from(expected.data, (value, index) => Math.abs(value - (actual.data[index] as number)));
      expect(Math.max(0, ...distances)).toBeLessThan(1e-6 * Math.max(1, ...expected.data.map(Math.abs)));
    }
    predictor.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});
