// What `dlctl evaluate` says of made-up scores: JSON on standard output. More examples than a quick training gives, with ties, and
// the scores themselves, so that every point of a curve can be checked.

import type { ExampleSet } from "../../src/data/example-set";
import { ClassTally } from "../../src/evaluate/class-tally";
import { ValueCollector } from "../../src/evaluate/collect-values";
import { randomIntegers } from "../../src/evaluate/resampling/random-integers";

const random = randomIntegers(11, "made-up scores");
const uniform = () => random(1 << 24) / (1 << 24);
const show = (example: number) => ({ origin: `example ${example}`, example, input: null });

/** `digits` of a score are kept, so that many are equal. */
function ofClasses(count: number, labels: readonly string[], digits: number) {
  const tally = new ClassTally({ labels, count, seed: 1 });
  const rows = Array.from({ length: count }, (_, example) => {
    const truth = Math.floor(labels.length * uniform() ** 2);
    const raw = labels.map((_, label) => uniform() ** 2 + (label === truth ? 0.25 : 0.02));
    const sum = raw.reduce((total, value) => total + value, 0);
    const scores = Float32Array.from(raw, (value) => Number((value / sum).toFixed(digits)));
    tally.add(truth, scores, () => show(example));
    return { truth: labels[truth], scores: Array.from(scores) };
  });
  const { details, confidence } = tally.results("example");
  return {
    evaluation: { ...details, confidence },
    truth: rows.map(({ truth }) => truth),
    scores: rows.map(({ scores }) => scores),
  };
}

function ofValues(count: number, names: readonly string[]) {
  const collector = new ValueCollector(names, { origin: String, inputs: { kind: "tokens" } } as unknown as ExampleSet, {
    count,
    seed: 1,
  });
  // Far from 0, where sums of squares lose their digits.
  const truth = Float32Array.from(
    { length: count * names.length },
    (_, index) => 1000 * (index % names.length) + 3 * uniform(),
  );
  const predicted = truth.map((value) => value + uniform() ** 3 - 0.3);
  collector.add(
    Int32Array.from({ length: count }, (_, index) => index),
    truth,
    predicted,
  );
  const { details, confidence } = collector.results();
  const rows = (values: Float32Array) =>
    Array.from({ length: count }, (_, row) => Array.from(values.slice(row * names.length, (row + 1) * names.length)));
  return { evaluation: { ...details, confidence }, truth: rows(truth), predictions: rows(predicted) };
}

process.stdout.write(
  JSON.stringify({
    five: ofClasses(800, ["a", "b", "c", "d", "e"], 2),
    two: ofClasses(700, ["no", "yes"], 3),
    values: ofValues(600, ["x", "y"]),
  }),
);
