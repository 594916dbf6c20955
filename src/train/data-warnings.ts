import { sumOf } from "../data/content-sums";
import type { ExampleInputs, ExampleSet, SplitIndices } from "../data/example-set";
import { floatSquareLimit } from "./float-limits";

/** What is suspicious in the data of a run, in sentences for people. `contents`: what `contentSums` gives. */
export function dataWarnings(set: ExampleSet, splits: SplitIndices, contents: Uint8Array | undefined): string[] {
  return [
    ...(contents ? leakage(set, splits, contents) : []),
    ...constantFeatures(set.inputs, splits.train),
    ...overflowingTargets(set),
  ];
}

/** Examples that a model is tested with and has seen: only where equal contents are no accident, as they are in short rows. */
function leakage({ inputs, origin }: ExampleSet, splits: SplitIndices, contents: Uint8Array): string[] {
  if (inputs.kind !== "image" && inputs.kind !== "text") return [];
  const seen = new Map<string, number>();
  for (const example of splits.train) {
    const sum = sumOf(contents, example);
    if (sum !== undefined && !seen.has(sum)) seen.set(sum, example);
  }
  return (["validation", "test"] as const).flatMap((split) => {
    const copies = [...splits[split]].filter((example) => seen.has(sumOf(contents, example) ?? ""));
    const [first] = copies;
    if (first === undefined) return [];
    const original = seen.get(sumOf(contents, first) ?? "") as number;
    const what = copies.length === 1 ? "1 example has" : `${copies.length} examples have`;
    return [
      `${what} the same content in the ${split} split as in training, so that its figures are too good: ${origin(first)} is ${origin(original)}`,
    ];
  });
}

/** Features that say nothing, because they are the same in all of the training split. */
function constantFeatures(inputs: ExampleInputs, train: Int32Array): string[] {
  if (inputs.kind !== "vector" || train.length < 2) return [];
  const { values, names } = inputs;
  const width = names.length;
  const first = (train[0] as number) * width;
  const constant = names.filter((_, column) =>
    train.every((example) => Object.is(values[example * width + column], values[first + column])),
  );
  if (constant.length === 0) return [];
  const shown = constant.slice(0, 5).join(", ") + (constant.length > 5 ? `, and ${constant.length - 5} more` : "");
  return [`the same in all training examples, so that nothing can be learned from it: ${shown}`];
}

function overflowingTargets({ targets }: ExampleSet): string[] {
  if (targets.kind !== "values") return [];
  const width = targets.names.length;
  return targets.names.flatMap((name, column) => {
    let largest = 0;
    for (let at = column; at < targets.values.length; at += width) {
      largest = Math.max(largest, Math.abs(targets.values[at] as number));
    }
    if (largest < floatSquareLimit) return [];
    return [
      `${name} has values up to ${largest.toPrecision(3)}: their squares are beyond float32, and a squared loss will be infinite; scale them`,
    ];
  });
}
