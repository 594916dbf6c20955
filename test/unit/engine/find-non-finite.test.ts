import type { TrainingProgram } from "../../../src/engine/engine";
import { findNonFinite } from "../../../src/engine/find-non-finite";
import { tf } from "../../../src/runtime/tf";
import { batchFor, programOf } from "../../helpers/follow-engine";
import { describeEachDevice } from "../../helpers/runtime";

/** Two numbers through two layers of three and one unit, all weights 0.1. */
function program(parts: Partial<TrainingProgram> = {}): TrainingProgram {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], name: "first", kernelInitializer: "ones" }),
      tf.layers.dense({ units: 1, name: "last", kernelInitializer: "ones" }),
    ],
  });
  return programOf(model, parts);
}

describeEachDevice("what went bad first in a step", () => {
  let made: TrainingProgram;
  afterEach(() => made.model.dispose());
  const find = (batch = batchFor(made, 0, 4)) => findNonFinite(made, batch, 0);

  test("nothing, and nothing is left behind or changed", () => {
    made = program();
    const calls = made.model.layers.map((layer) => layer.call);
    const before = tf.memory().numTensors;
    expect(find()).toBeUndefined();
    expect(tf.memory().numTensors).toBe(before);
    expect(made.model.layers.map((layer) => layer.call)).toEqual(calls);
    expect(made.model.layers.some((layer) => Object.hasOwn(layer, "call"))).toBe(false);
  });

  test("an input, a target: which example's", () => {
    made = program();
    const { inputs, targets, ...rest } = batchFor(made, 0, 4);
    const bad = { ...inputs, data: Float32Array.from(inputs.data, (value, at) => (at === 5 ? Number.NaN : value)) };
    expect(find({ ...rest, targets, inputs: bad })).toEqual({ what: "input", example: 2 });
    const none = { ...targets, data: Float32Array.of(0, 0, 0, Number.POSITIVE_INFINITY) };
    expect(find({ ...rest, inputs, targets: none })).toEqual({ what: "target", example: 3 });
  });

  test("the output of a layer, and not that of those after it", () => {
    made = program();
    made.model.getLayer("first").setWeights([tf.fill([2, 3], 3e38), tf.zeros([3])]);
    expect(find()).toEqual({ what: "output", layer: "first" });
    made.model.getLayer("first").setWeights([tf.ones([2, 3]), tf.zeros([3])]);
    made.model.getLayer("last").setWeights([tf.fill([3, 1], Number.NaN), tf.zeros([1])]);
    expect(find()).toEqual({ what: "output", layer: "last" });
  });

  test("the loss alone: targets whose squares are beyond all numbers", () => {
    made = program();
    const batch = batchFor(made, 0, 4);
    const targets = { ...batch.targets, data: Float32Array.of(1e30, 0, 0, 0) };
    expect(find({ ...batch, targets })).toEqual({ what: "loss" });
  });

  test("a gradient: the one computed first, though clipping would make all of them NaN", () => {
    // The root's slope at 0 is infinite: the loss is 0, its gradient NaN.
    const root = {
      ...program().loss,
      perExample: (_: tf.Tensor, outputs: tf.Tensor) => outputs.mul(0).abs().sqrt().sum(1),
    };
    made = program({ loss: root as TrainingProgram["loss"], clipping: { globalNorm: 1 } });
    expect(find()).toEqual({ what: "gradient", weight: "last/bias" });
  });
});
