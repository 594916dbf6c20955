import { rollOut, sharesFrom } from "../../../src/explain/roll-out-attention";
import { watchAttention } from "../../../src/explain/watch-attention";
import { buildModel } from "../../../src/model/build-model";
import type { AttentionPart } from "../../../src/model/custom-layers/attention-part";
import { layerSchema } from "../../../src/model/layer-config";
import { tf } from "../../../src/runtime/tf";
import { startJsRuntime } from "../../helpers/runtime";

beforeAll(() => startJsRuntime());

describe("watchAttention", () => {
  test.each([{}, { causal: true }, { rotary: true, keyDimension: 4 }])(
    "gives the shares that attention computes with: %j",
    (options) => {
      const model = buildModel({
        layers: [
          layerSchema.parse({ type: "multiHeadAttention", heads: 2, keyDimension: 3, ...options, name: "attention" }),
        ],
        input: { shape: [5, 6], dtype: "float32" },
        seed: 3,
      });
      const x = tf.randomNormal([1, 5, 6], 0, 1, "float32", 7);
      let output: tf.Tensor | undefined;
      const [watched] = watchAttention(model, () => {
        output = model.predict(x) as tf.Tensor;
      });
      expect(watched).toMatchObject({ layer: "attention", shape: [2, 5, 5] });
      // The shares, put to the values by hand, are the layer's output.
      const { attention } = model.getLayer("attention") as unknown as { attention: AttentionPart };
      const again = tf.tidy(() => {
        const [, , values] = attention.split(x, x);
        const shares = tf.tensor(watched?.values as Float32Array, [1, 2, 5, 5]);
        return attention.finish(tf.transpose(tf.matMul(shares, tf.transpose(values, [0, 2, 1, 3])), [0, 2, 1, 3]));
      });
      const [found, expected] = [again.dataSync(), (output as tf.Tensor).dataSync()];
      for (const [index, value] of found.entries()) expect(value).toBeCloseTo(expected[index] as number, 5);
      expect(Object.hasOwn(attention, "toItself")).toBe(false);
    },
  );
});

describe("rollOut", () => {
  const layer = (values: number[]) => ({ layer: "x", shape: [1, 2, 2] as const, values: Float32Array.from(values) });

  test("two layers by hand", () => {
    // (I + A)/2 of both: [[.75, .25], [0, 1]] and [[.5, .5], [.5, .5]]; their product, the second layer first: [[.375, .625], same].
    const layers = [layer([0.5, 0.5, 0, 1]), layer([0, 1, 1, 0])];
    expect(Array.from(rollOut(layers, [0]))).toEqual([0.375, 0.625]);
    expect(Array.from(rollOut(layers, [0, 1]))).toEqual([0.375, 0.625]);
    expect(Array.from(rollOut([layer([0.5, 0.5, 0, 1])], [1]))).toEqual([0, 1]);
  });

  test("the shares of each head from some steps are their mean", () => {
    const heads = { layer: "x", shape: [2, 2, 2] as const, values: Float32Array.of(1, 0, 0, 1, 0.5, 0.5, 0.25, 0.75) };
    expect(sharesFrom(heads, [1]).heads.map((head) => Array.from(head))).toEqual([
      [0, 1],
      [0.25, 0.75],
    ]);
    expect(sharesFrom(heads, [0, 1]).heads.map((head) => Array.from(head))).toEqual([
      [0.5, 0.5],
      [0.375, 0.625],
    ]);
  });
});
