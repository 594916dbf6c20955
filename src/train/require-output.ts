import type { ExampleTargets, Task } from "../data/example-set";
import { targetNames } from "../data/target-names";
import { ConfigError } from "../shared/errors";
import { formatShape, type Shape } from "../shared/shape";

interface Predicted {
  readonly targets: ExampleTargets;
  readonly task: Task;
  /** Path of the last layer. */
  readonly path: string;
}

/**
 * Width of the model's output, which is one for each class or value, or 1 for the sigmoid unit of two classes. Throws ConfigError
 * naming the last layer where the output does not fit what is predicted.
 */
export function requireOutput(shape: Shape, { targets, task, path }: Predicted): number {
  const count = targetNames(targets).length;
  const width = shape.at(-1);
  const axes: Shape = targets.kind === "sequence" ? [null, targets.length] : [null];
  const isRank = shape.length === axes.length + 1 && axes.every((size, axis) => shape[axis] === size);
  const isWide = width === count || (targets.kind !== "values" && count === 2 && width === 1);
  if (isRank && isWide && typeof width === "number") return width;
  const what = describeOutputs(targets, task, count);
  const message = `the last layer puts out ${formatShape(shape)}, and for ${what} it must be ${formatShape([...axes, count])}`;
  throw new ConfigError([{ path, message }], { hint: hintFor(targets, count) });
}

function describeOutputs({ kind }: ExampleTargets, task: Task, count: number): string {
  if (kind === "class") return `${count} classes`;
  if (kind === "sequence") return `${count} ${task === "languageModel" ? "tokens" : "classes"} at each step`;
  return `${count} target ${count === 1 ? "value" : "values"}`;
}

function hintFor({ kind }: ExampleTargets, count: number): string {
  if (kind === "sequence") {
    return 'End the stack with { "type": "dense", "units": "classes", "activation": "softmax" }, and keep all steps until then: recurrent layers need "returnSequences": true, and flatten and pooling can\'t be in it.';
  }
  const before =
    "after flatten, a global pooling or a recurrent layer without returnSequences where the input has more axes.";
  return kind === "class"
    ? `End the stack with { "type": "dense", "units": "classes", "activation": "softmax" }, ${before}`
    : `End the stack with { "type": "dense", "units": ${count} }, ${before}`;
}
