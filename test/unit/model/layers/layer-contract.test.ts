import { modelFromArtifacts, modelToArtifacts } from "../../../../src/model/model-artifacts";
import { setRandomStep } from "../../../../src/model/random-step";
import type { BidirectionalLayer, RecurrentLayer } from "../../../../src/model/recurrent/recurrent-layer";
import { startRuntime } from "../../../../src/runtime/start-runtime";
import { tf } from "../../../../src/runtime/tf";
import { inputFor, largestDifference, modelOf, numbersOf } from "../../../helpers/layer-model";
import { type LayerSample, titledSamples } from "../../../helpers/layer-samples";
import { describeNative, startJsRuntime } from "../../../helpers/runtime";

beforeAll(() => startJsRuntime());

/** Runs `test` with the sample's model and an input, and checks that nothing is left behind. */
async function withModel(sample: LayerSample, test: (model: tf.LayersModel, x: tf.Tensor) => void | Promise<void>) {
  const before = tf.memory().numTensors;
  const model = modelOf(sample);
  const x = inputFor(model);
  try {
    await test(model, x);
  } finally {
    model.dispose();
    x.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
}

const outputOf = (model: tf.LayersModel, x: tf.Tensor, training = false) =>
  tf.tidy(() => numbersOf(model.apply(x, { training }) as tf.Tensor));

describe.each(titledSamples)("%s", (_title, sample) => {
  test("its output has the shape that the model says", () =>
    withModel(sample, (model, x) => {
      const shape = tf.tidy(() => (model.predict(x) as tf.Tensor).shape);
      expect(model.outputShape).toEqual([null, ...shape.slice(1)]);
      const values = outputOf(model, x);
      expect(values.every(Number.isFinite)).toBe(true);
    }));

  test("its weights are a function of the seed", () =>
    withModel(sample, (model) => {
      const weights = (other: tf.LayersModel) => other.getWeights().map(numbersOf);
      const same = modelOf(sample);
      expect(weights(same)).toEqual(weights(model));
      same.dispose();
    }));

  test("its gradients are those of finite differences", () => withModel(sample, checkGradients));

  test("plain TensorFlow.js opens what is saved and computes the same", () =>
    withModel(sample, async (model, x) => {
      const artifacts = await modelToArtifacts(model);
      const text = JSON.stringify(artifacts.modelTopology);
      const plain = await tf.loadLayersModel(
        tf.io.fromMemory({
          modelTopology: JSON.parse(text),
          weightSpecs: artifacts.weightSpecs,
          weightData: artifacts.weightData,
        }),
      );
      expect(largestDifference(outputOf(plain, x), outputOf(model, x))).toBeLessThan(1e-6);
      forgetDropout(plain);
      plain.dispose();
    }));

  test("what is loaded again trains as before", () =>
    withModel(sample, async (model, x) => {
      setRandomStep(5);
      const loaded = await modelFromArtifacts(await modelToArtifacts(model), { seed: 3 });
      expect(outputOf(loaded, x, true)).toEqual(outputOf(model, x, true));
      loaded.dispose();
    }));
});

/** tfjs's recurrent layers keep the last call's masks of dropout, also where the model is disposed. */
function forgetDropout(model: tf.LayersModel): void {
  for (const layer of model.layers) {
    const { forwardLayer = layer, backwardLayer = layer } = layer as Partial<BidirectionalLayer> & tf.layers.Layer;
    for (const { cell } of [forwardLayer, backwardLayer] as Partial<RecurrentLayer>[]) {
      tf.dispose([cell?.dropoutMask ?? [], cell?.recurrentDropoutMask ?? []]);
    }
  }
}

/**
 * Central differences with step 1e-2 in float32 of sum(output * weights): their error is about step^2 and 1e-7 / step, so
 * 2e-2 relative to the largest entry tells a wrong gradient from rounding. At kinks (relu, max) a difference is not a
 * gradient: a tenth of the entries may be off there, for kinds that have them.
 */
function checkGradients(model: tf.LayersModel, x: tf.Tensor): void {
  setRandomStep(1);
  tf.tidy(() => {
    const sum = (input: tf.Tensor): tf.Scalar =>
      tf.tidy(() => {
        const output = model.apply(input, { training: true }) as tf.Tensor;
        const factors = tf.tensor(
          Float32Array.from({ length: output.size }, (_, i) => Math.cos(i * 1.3 + 0.2)),
          output.shape,
        );
        return tf.sum(tf.mul(output, factors)) as tf.Scalar;
      });
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    if (x.dtype === "float32") {
      const dx = tf.grad(sum)(x);
      compare("input", x, numbersOf(dx), (changed) => sum(changed).dataSync()[0] as number);
    }
    if (variables.length === 0) return;
    const { grads } = tf.variableGrads(() => sum(x), variables);
    for (const variable of variables) {
      const start = variable.clone();
      compare(variable.name, start, numbersOf(grads[variable.name] as tf.Tensor), (changed) => {
        variable.assign(changed);
        const value = sum(x).dataSync()[0] as number;
        variable.assign(start);
        return value;
      });
    }
  });
}

function compare(name: string, at: tf.Tensor, gradient: number[], f: (changed: tf.Tensor) => number): void {
  const step = 1e-2;
  const values = at.dataSync() as Float32Array;
  const scale = Math.max(1, ...gradient.map(Math.abs));
  // Some places of large inputs are enough.
  const places = values.map((_, index) => index).filter((index) => index % Math.ceil(values.length / 24) === 0);
  const off = [...places].filter((place) => {
    const moved = (by: number) =>
      tf.tidy(() =>
        f(
          tf.tensor(
            Float32Array.from(values, (value, index) => (index === place ? value + by : value)),
            at.shape,
          ),
        ),
      );
    const difference = (moved(step) - moved(-step)) / (2 * step);
    return Math.abs(difference - (gradient[place] as number)) > 2e-2 * scale;
  });
  if (off.length > places.length / 10) {
    throw new Error(`the gradient of ${name} is wrong at ${off.length} of ${places.length} places`);
  }
}

describeNative("layers compute the same on every device", () => {
  test.each(titledSamples)("%s", async (_title, sample) => {
    const run = (training: boolean) => {
      setRandomStep(2);
      const model = modelOf(sample);
      const x = inputFor(model);
      const weights = model.getWeights().map(numbersOf);
      const { value, grads } = tf.tidy(() => {
        const square = (input: tf.Tensor) =>
          tf.sum(tf.square(model.apply(input, { training }) as tf.Tensor)) as tf.Scalar;
        if (x.dtype === "int32") {
          const { value, grads } = tf.variableGrads(() => square(x));
          return { value: numbersOf(value), grads: Object.values(grads).flatMap(numbersOf) };
        }
        const { value, grad } = tf.valueAndGrad(square)(x);
        return { value: numbersOf(value), grads: numbersOf(grad) };
      });
      const output = outputOf(model, x, training);
      model.dispose();
      x.dispose();
      return { weights, output, value, grads };
    };
    await startRuntime("cpu");
    const native = [run(false), run(true)];
    await startRuntime("js");
    const js = [run(false), run(true)];
    await startRuntime("cpu");
    native.forEach((result, index) => {
      expect(result.weights).toEqual(js[index]?.weights);
      expect(largestDifference(result.output, js[index]?.output as number[])).toBeLessThan(1e-5);
      const scale = Math.max(1, ...result.grads.map(Math.abs));
      expect(largestDifference(result.grads, js[index]?.grads as number[]) / scale).toBeLessThan(2e-5);
    });
  });
});
