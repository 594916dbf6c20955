import type { HostBatch } from "../../../../src/data/batches/host-batch";
import type { Engine, TrainingProgram } from "../../../../src/engine/engine";
import { createGraphEngine } from "../../../../src/engine/graph/graph-engine";
import { LossScaler } from "../../../../src/engine/graph/loss-scaler";
import { buildModel } from "../../../../src/model/build-model";
import { layerSchema } from "../../../../src/model/layer-config";
import { bindOptimizer, optimizerSchema } from "../../../../src/optimization/optimizer-config";
import type { Precision } from "../../../../src/runtime/precision";
import { tf } from "../../../../src/runtime/tf";
import { programOf } from "../../../helpers/follow-engine";
import { describeNative } from "../../../helpers/runtime";

describe("the loss's scale", () => {
  test("is halved by a step that overflows and doubled after 2000 that do not", () => {
    const scaler = new LossScaler();
    expect([scaler.scale, scaler.skippedSteps]).toEqual([2 ** 15, 0]);
    scaler.endStep(false);
    expect([scaler.scale, scaler.skippedSteps]).toEqual([2 ** 14, 1]);
    for (let step = 0; step < 1999; step++) scaler.endStep(true);
    expect(scaler.scale).toBe(2 ** 14);
    scaler.endStep(true);
    expect(scaler.scale).toBe(2 ** 15);
    // One that overflows begins the count anew.
    for (let step = 0; step < 1999; step++) scaler.endStep(true);
    scaler.endStep(false);
    scaler.endStep(true);
    expect([scaler.scale, scaler.skippedSteps]).toEqual([2 ** 14, 2]);
  });

  test("goes on from its state as if it had not stopped", () => {
    const scaler = new LossScaler();
    for (let step = 0; step < 1500; step++) scaler.endStep(step !== 3);
    const other = new LossScaler();
    other.restore(scaler.state);
    for (let step = 0; step < 600; step++) for (const one of [scaler, other]) one.endStep(true);
    expect(other.state).toEqual(scaler.state);
    expect(other.scale).toBe(2 ** 15);
  });

  test("is exhausted where float16 has no smaller number to offer", () => {
    const scaler = new LossScaler();
    let steps = 0;
    for (; !scaler.isExhausted; steps++) scaler.endStep(false);
    expect(steps).toBe(30);
  });
});

/** y = w2 (w1 x), whose loss is the mean of squares; `optimizer` may be sgd, whose weights tell the gradient. */
function programFor(precision: Precision, optimizer: string): TrainingProgram {
  const layers = [
    { type: "dense", units: 4, useBias: false },
    { type: "dense", units: 2, useBias: false },
  ];
  const input = { shape: [3], dtype: "float32" as const };
  const model = buildModel({ layers: layers.map((layer) => layerSchema.parse(layer)), input, seed: 5 });
  return programOf(model, { precision, optimizer: bindOptimizer(optimizerSchema.parse(optimizer)) });
}

/** Inputs of about 1 and targets of about `size`, to be learned by weights of about 1. */
function batchOf(size: number): HostBatch {
  const inputs = Float32Array.from({ length: 12 }, (_, index) => Math.sin(index * 1.7));
  const targets = Float32Array.from({ length: 8 }, (_, index) => size * Math.cos(index));
  return {
    inputs: { data: inputs, shape: [4, 3] },
    targets: { data: targets, shape: [4, 2] },
    examples: Int32Array.of(0, 1, 2, 3),
    count: 4,
  };
}

function using<Result>(program: TrainingProgram, use: (engine: Engine) => Result): Result {
  const engine = createGraphEngine(program);
  try {
    return use(engine);
  } finally {
    engine.dispose();
    program.model.dispose();
  }
}

const scaleTo = (engine: Engine, scale: number) =>
  engine.restoreSlots({ ...engine.readSlots(), lossScale: { data: Float32Array.of(scale, 0, 0), shape: [3] } });

function weightsOf(engine: Engine, { model }: TrainingProgram): number[][] {
  engine.syncModel();
  return model.getWeights().map((weight) => Array.from(weight.dataSync()));
}

const at = (step: number) => ({ step, learningRate: 0.01 });

describeNative("scaling the loss", () => {
  /** What one step of sgd adds to the first layer's weights, over its learning rate: the gradient. */
  function gradientOf(precision: Precision, learningRate: number, scale?: number): number[] {
    const program = programFor(precision, "sgd");
    // Outputs next to nothing, as those of a model that has learned are near its targets.
    for (const weight of program.model.trainableWeights) weight.write(weight.read().mul(0.004));
    return using(program, (engine) => {
      if (scale !== undefined) scaleTo(engine, scale);
      const [before = []] = weightsOf(engine, program);
      engine.trainStep(batchOf(1e-6), { step: 0, learningRate });
      const [after = []] = weightsOf(engine, program);
      return after.map((weight, index) => (weight - (before[index] as number)) / learningRate);
    });
  }

  test("keeps gradients that float16 would take for nothing", () => {
    const exact = gradientOf("float32", 1e4);
    const size = Math.max(...exact.map(Math.abs));
    const apart = (gradient: number[]) =>
      Math.max(...gradient.map((value, index) => Math.abs(value - (exact[index] as number)))) / size;
    // Below 2 to the -24 there is nothing in float16.
    expect(size).toBeLessThan(2 ** -24);
    expect(apart(gradientOf("float16", 1e4))).toBeLessThan(0.02);
    expect(apart(gradientOf("float16", 1e4, 1))).toBeGreaterThan(0.3);
    expect(apart(gradientOf("bfloat16", 1e4))).toBeLessThan(0.05);
  });

  test("leaves out the steps whose gradients overflow, wholly", () => {
    const program = programFor("float16", "adam");
    const [skipped, weights] = using(program, (engine) => {
      scaleTo(engine, 2 ** 30);
      const before = [weightsOf(engine, program), engine.readSlots()];
      let step = 0;
      for (; engine.lossScale?.skippedSteps === step; step++) {
        const { lossSum } = engine.trainStep(batchOf(1), at(step));
        expect(lossSum).toBeGreaterThan(0);
        if (engine.lossScale?.skippedSteps !== step + 1) break;
        const { lossScale: _, ...slots } = engine.readSlots();
        const { lossScale: __, ...first } = before[1] as typeof slots;
        expect([weightsOf(engine, program), slots]).toEqual([before[0], first]);
      }
      return [step, weightsOf(engine, program)] as const;
    });
    expect(skipped).toBeGreaterThan(5);
    // After them Adam makes its first step, and no later one.
    const same = programFor("float16", "adam");
    const expected = using(same, (engine) => {
      scaleTo(engine, 2 ** (30 - skipped));
      engine.trainStep(batchOf(1), at(0));
      return weightsOf(engine, same);
    });
    expect(weights).toEqual(expected);
  });

  test("resumes as if it had not stopped", () => {
    const whole = programFor("float16", "adam");
    const expected = using(whole, (engine) => {
      scaleTo(engine, 2 ** 24);
      for (let step = 0; step < 12; step++) engine.trainStep(batchOf(1), at(step));
      return [weightsOf(engine, whole), engine.readSlots()];
    });
    const first = programFor("float16", "adam");
    const [slots, weights] = using(first, (engine) => {
      scaleTo(engine, 2 ** 24);
      for (let step = 0; step < 3; step++) engine.trainStep(batchOf(1), at(step));
      engine.syncModel();
      return [engine.readSlots(), first.model.getWeights().map((weight) => weight.arraySync())] as const;
    });
    const second = programFor("float16", "adam");
    const actual = using(second, (engine) => {
      second.model.setWeights(weights.map((values) => tf.tensor(values as number[][])));
      engine.adoptModelWeights();
      engine.restoreSlots(slots);
      for (let step = 3; step < 12; step++) engine.trainStep(batchOf(1), at(step));
      return [weightsOf(engine, second), engine.readSlots()];
    });
    expect(actual).toEqual(expected);
  });
});
