import { buildModel } from "../../../../src/model/build-model";
import { layerSchema } from "../../../../src/model/layer-config";
import { followEager, programOf } from "../../../helpers/follow-engine";
import { describeNative } from "../../../helpers/runtime";

/** The batches' token ids have zeros in between, which are masked. */
const layers = [
  [{ type: "simpleRNN", units: 3, bidirectional: true }],
  [{ type: "lstm", units: 3, returnSequences: true }, { type: "globalAveragePooling1d" }],
  [{ type: "lstm", units: 3, goBackwards: true, dropout: 0.2 }],
  [{ type: "lstm", units: 3, recurrentDropout: 0.2 }],
  [
    { type: "gru", units: 3, bidirectional: "sum", returnSequences: true },
    { type: "gru", units: 2 },
  ],
  [{ type: "gru", units: 3, recurrentDropout: 0.3 }],
  [{ type: "gru", units: 3, resetAfter: false }],
  [{ type: "batchNormalization" }, { type: "globalAveragePooling1d" }],
  [
    { type: "conv1d", filters: 3, kernelSize: 3, padding: "causal", dilationRate: 2 },
    { type: "gru", units: 3 },
  ],
];

describeNative("compiled training follows eager training of sequences with padding for 20 steps", () => {
  test.each(layers.map((stack) => [JSON.stringify(stack), stack] as const))("%s", (_, stack) => {
    const program = () => {
      const embedding = { type: "embedding", inputDim: 7, outputDim: 4, maskZero: true };
      const model = buildModel({
        layers: [embedding, ...stack, { type: "dense", units: 2 }].map((layer) => layerSchema.parse(layer)),
        input: { shape: [6], dtype: "int32" },
        seed: 5,
      });
      return programOf(model, { inputDtype: "int32" });
    };
    // Rounding of twenty steps, of values about 1.
    for (const distance of Object.values(followEager(program))) expect(distance).toBeLessThan(2e-5);
  });
});
