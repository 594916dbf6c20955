import type { HostBatch } from "../../../../src/data/batches/host-batch";
import { createEagerEngine } from "../../../../src/engine/eager-engine";
import type { Engine, TrainingProgram } from "../../../../src/engine/engine";
import { createGraphEngine } from "../../../../src/engine/graph/graph-engine";
import { bindLoss, lossSchema } from "../../../../src/objectives/loss-config";
import { createMetric, metricSchema } from "../../../../src/objectives/metric-config";
import { bindOptimizer, optimizerSchema } from "../../../../src/optimization/optimizer-config";
import { tf } from "../../../../src/runtime/tf";
import { describeNative } from "../../../helpers/runtime";

function cnn(): tf.LayersModel {
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({
      inputShape: [12, 12, 1],
      filters: 4,
      kernelSize: 3,
      activation: "relu",
      kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
    }),
  );
  model.add(tf.layers.batchNormalization());
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.flatten());
  model.add(
    tf.layers.dense({ units: 8, activation: "relu", kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
  );
  model.add(
    tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }) }),
  );
  return model;
}

function programOf(optimizer: unknown): TrainingProgram {
  const loss = lossSchema.parse("categoricalCrossentropy");
  return {
    model: cnn(),
    inputDtype: "uint8",
    deviceStage: (x) => tf.div(x, 255),
    augmentation: undefined,
    loss: bindLoss(loss, "oneHot"),
    metrics: [createMetric(metricSchema.parse("accuracy"), { classes: 3, outputWidth: 3 })],
    optimizer: bindOptimizer(optimizerSchema.parse(optimizer)),
    clipping: { globalNorm: 1 },
    classWeights: [1, 2, 0.5],
    classes: 3,
    seed: 4,
  };
}

function batchOf(step: number, count: number): HostBatch {
  const data = Uint8Array.from({ length: count * 144 }, (_, index) => (index * 7919 + step * 104729) % 256);
  const targets = Int32Array.from({ length: count }, (_, index) => (index + step) % 3);
  return {
    inputs: { data, shape: [count, 12, 12, 1] },
    targets: { data: targets, shape: [count] },
    examples: Int32Array.from(targets.keys()),
    count,
  };
}

const weightsOf = (program: TrainingProgram, engine: Engine) => {
  engine.syncModel();
  return program.model.weights.map((weight) => Array.from(weight.read().dataSync()));
};

describeNative("the graph engine", () => {
  test.each(["adam", "sgd", "momentum", "rmsprop", "adamw"])("follows the eager one with %s", (optimizer) => {
    const [eagerProgram, graphProgram] = [programOf(optimizer), programOf(optimizer)];
    const [eager, graph] = [createEagerEngine(eagerProgram), createGraphEngine(graphProgram)];
    for (let step = 0; step < 20; step++) {
      const batch = batchOf(step, step % 4 === 3 ? 7 : 16);
      const position = { step, learningRate: 0.01 };
      const [expected, actual] = [eager.trainStep(batch, position), graph.trainStep(batch, position)];
      expect(Math.abs(actual.lossSum - expected.lossSum)).toBeLessThan(2e-4 * Math.abs(expected.lossSum));
      expect(actual.metrics).toEqual(expected.metrics);
      expect(actual.weight).toBeCloseTo(expected.weight, 5);
    }
    const expected = weightsOf(eagerProgram, eager);
    weightsOf(graphProgram, graph).forEach((values, index) => {
      values.forEach(
        (value, at) => void expect(Math.abs(value - (expected[index]?.[at] as number))).toBeLessThan(1e-3),
      );
    });
    const evaluation = batchOf(99, 10);
    expect(graph.evaluateStep(evaluation).lossSum).toBeCloseTo(eager.evaluateStep(evaluation).lossSum, 2);
    for (const engine of [eager, graph]) engine.dispose();
  });
});
