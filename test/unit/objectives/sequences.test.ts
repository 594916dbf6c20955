import { rememberLogits } from "../../../src/objectives/logits";
import { lossSchema } from "../../../src/objectives/loss-config";
import { createMetric, metricSchema } from "../../../src/objectives/metric-config";
import type { MetricContext } from "../../../src/objectives/metrics/define-metric";
import { metricDefinitions } from "../../../src/objectives/metrics/metric-definitions";
import { bindSequenceLoss } from "../../../src/objectives/sequence-loss";
import { tf } from "../../../src/runtime/tf";
import { describeEachDevice } from "../../helpers/runtime";

const targets = [
  [2, 0, -1],
  [-1, -1, -1],
  [1, -1, 2],
];
/** Logits of three sequences of three steps, three classes. */
const logits = [
  [
    [0.5, -1, 2],
    [1, 0, 0.5],
    [9, 9, -9],
  ],
  [
    [1, 2, 3],
    [3, 2, 1],
    [0, 0, 0],
  ],
  [
    [0.1, 0.2, 0.3],
    [80, -80, 0],
    [-3, 4, 0.5],
  ],
];

const softmax = (values: readonly number[]) => {
  const exponentials = values.map(Math.exp);
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
};
const nats = (sequence: number, step: number) =>
  -Math.log(softmax(logits[sequence]?.[step] ?? [])[targets[sequence]?.[step] ?? 0] as number);

/** Outputs of a softmax; with `known`, the loss can find their logits. */
function outputsOf(given: tf.Tensor, known: boolean): tf.Tensor {
  const outputs = tf.softmax(given);
  if (known) rememberLogits(outputs, "softmax", given);
  return outputs;
}

describeEachDevice("losses at each step", () => {
  test.each([
    ["categoricalCrossentropy", true],
    ["categoricalCrossentropy", false],
    ["sparseCategoricalCrossentropy", true],
  ])("%s is the mean over the steps that have a target (logits known: %s)", (type, known) => {
    const loss = bindSequenceLoss(lossSchema.parse(type));
    const found = tf.tidy(() =>
      loss.perExample(tf.tensor2d(targets, undefined, "int32"), outputsOf(tf.tensor3d(logits), known)).dataSync(),
    );
    const expected = [(nats(0, 0) + nats(0, 1)) / 2, 0, (nats(2, 0) + nats(2, 2)) / 2];
    expected.forEach((value, index) => void expect(found[index]).toBeCloseTo(value, 5));
  });

  test.each([true, false])(
    "its gradient is p - y over the number of steps, and 0 elsewhere (logits known: %s)",
    (known) => {
      const loss = bindSequenceLoss(lossSchema.parse("categoricalCrossentropy"));
      const gradient = tf.tidy(
        () =>
          tf
            .grad((x: tf.Tensor) =>
              loss.perExample(tf.tensor2d(targets, undefined, "int32"), outputsOf(x, known)).sum(),
            )(tf.tensor3d(logits))
            .arraySync() as number[][][],
      );
      gradient.forEach((steps, sequence) => {
        const own = targets[sequence] ?? [];
        const count = own.filter((target) => target >= 0).length;
        steps.forEach((values, step) => {
          const p = softmax(logits[sequence]?.[step] ?? []);
          values.forEach((value, index) => {
            const expected = own[step] === -1 ? 0 : ((p[index] as number) - (own[step] === index ? 1 : 0)) / count;
            expect(value).toBeCloseTo(expected, 5);
          });
        });
      });
    },
  );

  test("label smoothing spreads the target over the classes", () => {
    const loss = bindSequenceLoss(lossSchema.parse({ type: "categoricalCrossentropy", labelSmoothing: 0.3 }));
    const one = tf.tidy(
      () =>
        loss
          .perExample(tf.tensor2d([[2]], undefined, "int32"), tf.softmax(tf.tensor3d([[[0.5, -1, 2]]])))
          .dataSync()[0],
    );
    const p = softmax([0.5, -1, 2]).map(Math.log) as [number, number, number];
    expect(one).toBeCloseTo(-(0.1 * p[0] + 0.1 * p[1] + 0.8 * p[2]), 5);
  });

  test("a loss of numbers is refused", () => {
    expect(() => bindSequenceLoss(lossSchema.parse("poisson"))).toThrow(RangeError);
  });
});

describeEachDevice("metrics of sequences count the steps that have a target", () => {
  const context: MetricContext = { classes: 3, outputWidth: 3, isSequence: true, labels: ["a", "b", "c"] };
  const types = Object.entries(metricDefinitions).flatMap(([type, { targets }]) => (targets === "class" ? [type] : []));

  // The same metric of the steps alone, as single examples, which metrics.test.ts checks against formulas.
  test.each(types)("%s", (type) => {
    const config = metricSchema.parse(type);
    const figure = (made: MetricContext, given: () => [tf.Tensor, tf.Tensor]) => {
      const metric = createMetric(config, made);
      return metric.result(Float64Array.from(tf.tidy(() => metric.statistics(...given()).dataSync())));
    };
    const whole = figure(context, () => [tf.tensor2d(targets, undefined, "int32"), tf.softmax(tf.tensor3d(logits))]);
    const kept = targets.flatMap((steps, sequence) =>
      steps.flatMap((target, step) => (target < 0 ? [] : [[target, logits[sequence]?.[step]] as const])),
    );
    const alone = figure({ ...context, isSequence: false }, () => [
      tf.tensor1d(
        kept.map(([target]) => target),
        "int32",
      ),
      tf.softmax(tf.tensor2d(kept.map(([, values]) => values as number[]))),
    ]);
    expect(whole).toBeCloseTo(alone, 6);
  });
});
