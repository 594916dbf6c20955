import { createHash, type Hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileSynced } from "../checkpoint/atomic-file";
import { writing } from "../checkpoint/explain-write-error";
import { runFiles } from "../checkpoint/run-folder";
import { sumBytes, sumOf, sumsOf } from "../data/content-sums";
import type { ExampleInputs, ExampleSet, ExampleTargets } from "../data/example-set";
import { targetNames } from "../data/target-names";

/** What a run's data was when it began: a run can only go on with the same. */
export interface DataSums {
  /** Over all: names, targets and contents, in their order. */
  readonly all: string;
  /** Two sums for each example: of its name and target, and of its content (0 where that has no sum of its own). */
  readonly examples: Uint8Array;
}

/** `contents`: what `contentSums` gives; without it the inputs are in the sum over all as far as they are in memory. */
export function dataSums(set: ExampleSet, contents: Uint8Array | undefined): DataSums {
  const { count, inputs, targets, origin } = set;
  const named = sumsOf(count, (index, hash) => hash.update(`${origin(index)}\0`).update(targetOf(targets, index)));
  const examples = new Uint8Array(2 * count * sumBytes);
  for (let index = 0; index < count; index++) {
    const [from, to] = [index * sumBytes, (index + 1) * sumBytes];
    examples.set(named.subarray(from, to), 2 * from);
    if (contents) examples.set(contents.subarray(from, to), 2 * from + sumBytes);
  }
  const hash = createHash("sha256").update(JSON.stringify([count, inputs.kind, targetNames(targets)]));
  hash.update(examples);
  if (!contents) addInputs(hash, inputs);
  return { all: hash.digest("hex"), examples };
}

/** Keeps the sums of the examples in the folder of a run, so that it can be told which have changed. */
export async function writeDataSums(run: string, { examples }: DataSums): Promise<void> {
  const path = join(run, runFiles.dataSums);
  await writing(path, () => writeFileSynced(path, examples));
}

/** In one sentence, how the data differs from what it was when the run in the folder `run` began. */
export async function describeChange(run: string, set: ExampleSet, { examples: now }: DataSums): Promise<string> {
  const before = new Uint8Array(await readFile(join(run, runFiles.dataSums)).catch(() => new Uint8Array()));
  const counts = { before: before.length / (2 * sumBytes), now: set.count };
  if (counts.before === 0) return "its examples or their targets are others";
  const known = new Set(Array.from({ length: counts.before }, (_, index) => sumOf(before, 2 * index)));
  const others: string[] = [];
  const changed: string[] = [];
  for (let index = 0; index < set.count; index++) {
    if (!known.has(sumOf(now, 2 * index))) others.push(set.origin(index));
    else if (counts.before === counts.now && sumOf(now, 2 * index + 1) !== sumOf(before, 2 * index + 1)) {
      changed.push(set.origin(index));
    }
  }
  const parts = [
    ...(counts.before === counts.now ? [] : [`it had ${counts.before} examples and has ${counts.now}`]),
    ...(others.length === 0
      ? []
      : [
          `${listed(others)} ${others.length === 1 ? "is" : "are"} new or ${others.length === 1 ? "has" : "have"} another target`,
        ]),
    ...(changed.length === 0 ? [] : [`the content of ${listed(changed)} has changed`]),
  ];
  return parts.length === 0 ? "its order or its numbers are others" : parts.join("; ");
}

const mostNamed = 3;

function listed(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
  return `${names.slice(0, mostNamed).join(", ")}${more}`;
}

function targetOf(targets: ExampleTargets, index: number): Uint8Array {
  if (targets.kind === "class") return bytesOf(targets.indices.subarray(index, index + 1));
  if (targets.kind === "sequence") return bytesOf(targets.steps(index));
  const width = targets.names.length;
  return bytesOf(targets.values.subarray(index * width, (index + 1) * width));
}

function addInputs(hash: Hash, inputs: ExampleInputs): void {
  switch (inputs.kind) {
    case "image":
    case "text":
      return;
    case "corpus":
      hash.update(inputs.text(0, inputs.count));
      return;
    case "tokens":
      hash.update(bytesOf(inputs.tokens));
      hash.update(bytesOf(inputs.starts));
      return;
    case "series":
      hash.update(bytesOf(inputs.lengths));
      break;
    case "window":
      hash.update(bytesOf(inputs.starts));
      break;
    case "vector":
      break;
  }
  hash.update(bytesOf(inputs.values));
}

function bytesOf(array: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
