import { buildModel } from "../../../../src/model/build-model";
import { layerSchema } from "../../../../src/model/layer-config";
import { modelToArtifacts } from "../../../../src/model/model-artifacts";
import { setRandomStep } from "../../../../src/model/random-step";
import { tf } from "../../../../src/runtime/tf";
import { largestDifference, numbersOf } from "../../../helpers/layer-model";
import { describeNative } from "../../../helpers/runtime";

const steps = 6;

/** Token ids, 0 where the step is masked: nothing, at the end, at the start, in the middle, everything. */
const sequences = {
  "without padding": [
    [3, 1, 4, 1, 5, 2],
    [2, 6, 5, 3, 5, 1],
  ],
  "padded at the end": [
    [3, 1, 4, 0, 0, 0],
    [2, 6, 5, 3, 5, 0],
    [4, 0, 0, 0, 0, 0],
  ],
  "padded at the start": [
    [0, 0, 3, 1, 4, 1],
    [0, 0, 0, 0, 0, 6],
    [2, 6, 5, 3, 5, 1],
  ],
  "with holes": [
    [3, 0, 4, 1, 0, 2],
    [0, 6, 0, 0, 5, 0],
  ],
  "nothing but padding": [
    [0, 0, 0, 0, 0, 0],
    [2, 6, 5, 3, 5, 1],
  ],
};

const layers = [
  { type: "simpleRNN" },
  { type: "simpleRNN", returnSequences: true, useBias: false },
  { type: "simpleRNN", bidirectional: "concat", returnSequences: true },
  { type: "lstm" },
  { type: "lstm", returnSequences: true, useBias: false },
  { type: "lstm", goBackwards: true },
  { type: "lstm", goBackwards: true, returnSequences: true },
  { type: "lstm", bidirectional: "concat", returnSequences: true },
  { type: "gru" },
  { type: "gru", returnSequences: true, useBias: false },
  { type: "gru", goBackwards: true, returnSequences: true },
  { type: "gru", bidirectional: "sum" },
  { type: "gru", resetAfter: false },
  { type: "gru", resetAfter: false, returnSequences: true, useBias: false },
  { type: "gru", resetAfter: false, bidirectional: "concat" },
];

function modelOf(layer: object): tf.LayersModel {
  const parse = (layer: object) => layerSchema.parse(layer);
  return buildModel({
    layers: [
      parse({ type: "embedding", inputDim: 7, outputDim: 3, maskZero: true, embeddingsInitializer: "glorotNormal" }),
      parse({ units: 4, biasInitializer: { type: "randomNormal", stddev: 0.5 }, ...layer }),
    ],
    input: { shape: [null], dtype: "int32" },
    seed: 8,
  });
}

/** The same model made of TensorFlow.js's own layers, as whoever opens model.json has it. */
async function plainCopy(model: tf.LayersModel): Promise<tf.LayersModel> {
  const { modelTopology, weightSpecs, weightData } = await modelToArtifacts(model);
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
}

interface Results {
  readonly output: number[];
  readonly gradients: number[][];
}

/** Output, and gradients of all weights (the embedding's stand for the layer's inputs) of a sum that every output is in. */
function run(model: tf.LayersModel, x: tf.Tensor): Results {
  return tf.tidy(() => {
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const output = model.apply(x, { training: true }) as tf.Tensor;
    const factors = tf.tensor(
      Float32Array.from({ length: output.size }, (_, i) => Math.cos(i * 1.3 + 0.2)),
      output.shape,
    );
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.mul(model.apply(x, { training: true }) as tf.Tensor, factors)) as tf.Scalar,
      variables,
    );
    return {
      output: numbersOf(output),
      gradients: variables.map(({ name }) => numbersOf(grads[name] as tf.Tensor)),
    };
  });
}

describeNative("fused recurrent layers", () => {
  describe.each(layers)("%j", (layer) => {
    test.each(Object.entries(sequences))("equal TensorFlow.js's own %s", async (_, ids) => {
      const model = modelOf(layer);
      const plain = await plainCopy(model);
      const x = tf.tensor2d(ids, [ids.length, steps], "int32");
      const fused = run(model, x);
      const own = run(plain, x);
      expect(largestDifference(fused.output, own.output)).toBeLessThan(1e-5);
      expect(fused.gradients).toHaveLength(own.gradients.length);
      fused.gradients.forEach((gradient, index) => {
        expect(largestDifference(gradient, own.gradients[index] as number[])).toBeLessThan(1e-5);
      });
      x.dispose();
      for (const each of [model, plain]) each.dispose();
    });

    test("give the same for a batch that is padded longer", () => {
      const model = modelOf(layer);
      const predict = (ids: number[][]) =>
        tf.tidy(() => model.predict(tf.tensor2d(ids, undefined, "int32")) as tf.Tensor);
      const short = predict([
        [3, 1, 4],
        [2, 6, 5],
      ]);
      const atEnd = predict([
        [3, 1, 4, 0, 0],
        [2, 6, 5, 0, 0],
      ]);
      const atStart = predict([
        [0, 0, 3, 1, 4],
        [0, 0, 2, 6, 5],
      ]);
      const isSequence = short.rank === 3;
      const { goBackwards } = layer as { goBackwards?: boolean };
      // The steps that both have: what was at the end is read first, and given out first, by a layer that goes backwards.
      const common = (output: tf.Tensor, offset: number) =>
        isSequence ? tf.slice(output, [0, goBackwards ? 2 - offset : offset, 0], [2, 3, -1]) : output;
      expect(largestDifference(numbersOf(common(atEnd, 0)), numbersOf(short))).toBeLessThan(1e-6);
      expect(largestDifference(numbersOf(common(atStart, 2)), numbersOf(short))).toBeLessThan(1e-6);
      model.dispose();
    });
  });

  test("dropout drops the same inputs at each step, by the seed and the step, as the plain layer does", () => {
    const layer = { type: "lstm", dropout: 0.4, returnSequences: true };
    const x = tf.tensor2d(sequences["padded at the end"], undefined, "int32");
    const fused = modelOf(layer);
    // An activation that no kernel has, but the same numbers.
    const plain = modelOf(layer);
    const { cell } = plain.layers[2] as unknown as { cell: { activation: { getClassName(): string } } };
    cell.activation.getClassName = () => "other";
    const outputs = [fused, plain].flatMap((model) =>
      [1, 2, 1].map((step) => {
        setRandomStep(step);
        return run(model, x);
      }),
    ) as [Results, Results, Results, Results, Results, Results];
    expect(outputs[0]).toEqual(outputs[2]);
    expect(largestDifference(outputs[0].output, outputs[1].output)).toBeGreaterThan(0.01);
    for (const step of [0, 1] as const) {
      const [own, other] = [outputs[step], outputs[step + 3] as Results];
      expect(largestDifference(own.output, other.output)).toBeLessThan(1e-5);
      own.gradients.forEach((gradient, index) => {
        expect(largestDifference(gradient, other.gradients[index] as number[])).toBeLessThan(1e-5);
      });
    }
    x.dispose();
    for (const each of [fused, plain]) each.dispose();
  });
});
