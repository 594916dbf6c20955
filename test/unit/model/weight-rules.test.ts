import { buildModel } from "../../../src/model/build-model";
import { type LayerInput, layerSchema } from "../../../src/model/layer-config";
import { modelFromArtifacts, modelToArtifacts } from "../../../src/model/model-artifacts";
import { tf } from "../../../src/runtime/tf";
import { numbersOf } from "../../helpers/layer-model";
import { startJsRuntime } from "../../helpers/runtime";

beforeAll(() => startJsRuntime());

const build = (layer: LayerInput) =>
  buildModel({ layers: [layerSchema.parse(layer)], input: { shape: [2], dtype: "float32" }, seed: 1 });

/** A dense layer with these options and the kernel [[3, -1], [4, 2]] written to it as an update does. */
function withKernel(options: Partial<Extract<LayerInput, { type: "dense" }>>): tf.LayersModel {
  const model = build({ type: "dense", units: 2, ...options });
  tf.tidy(() => {
    model.weights[0]?.write(tf.tensor2d([3, -1, 4, 2], [2, 2]));
  });
  return model;
}

test.each([
  ["l1", 0.01 * 10],
  ["l2", 0.01 * 30],
  [{ type: "l1l2", l1: 0.5, l2: 0.25 }, 5 + 7.5],
] as const)("regularizer %j adds %d", (kernelRegularizer, expected) => {
  const model = withKernel({ kernelRegularizer });
  const [penalty] = tf.tidy(() => model.calculateLosses().map((loss) => loss.dataSync()[0] as number));
  expect(penalty).toBeCloseTo(expected, 5);
  model.dispose();
});

// The columns are [3, 4], of norm 5, and [-1, 2], of norm sqrt(5).
const root = Math.sqrt(5);
test.each([
  [{ type: "maxNorm", maxValue: 2.5 }, [1.5, -1, 2, 2]],
  [{ type: "minMaxNorm", minValue: 3, maxValue: 4, rate: 1 }, [2.4, -3 / root, 3.2, 6 / root]],
  ["nonNeg", [3, 0, 4, 2]],
  ["unitNorm", [0.6, -1 / root, 0.8, 2 / root]],
  [{ type: "unitNorm", axis: [0, 1] }, [3, -1, 4, 2].map((value) => value / Math.sqrt(30))],
] as const)("constraint %j", (given, expected) => {
  const model = withKernel({ kernelConstraint: given as never });
  numbersOf(model.weights[0]?.read() as tf.Tensor).forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index] as number, 5);
  });
  model.dispose();
});

test("a constraint does not change what is saved and loaded", async () => {
  // First weights may break a constraint, which holds after the first update only.
  const model = build({ type: "dense", units: 2, kernelConstraint: "unitNorm", kernelInitializer: "ones" });
  const loaded = await modelFromArtifacts(await modelToArtifacts(model));
  expect(loaded.getWeights().map(numbersOf)).toEqual([
    [1, 1, 1, 1],
    [0, 0],
  ]);
  model.dispose();
  loaded.dispose();
});
