import { ConfigError, type ConfigProblem, DataError } from "../../shared/errors";
import type { ExampleSet, SplitIndices, SplitName, Task } from "../example-set";
import { type SplitConfig, splitSchema } from "./split-config";
import { type SplitMethodName, splitMethods } from "./split-methods";

export { type SplitConfig, splitSchema };

const defaultMethods: Record<Task, SplitMethodName> = {
  classification: "stratified",
  regression: "random",
  forecasting: "chronological",
  tokens: "random",
  languageModel: "chronological",
};

/**
 * Divides a set: examples with a file or folder of their own go there, and `split` gives fractions of the others; what
 * no fraction takes trains. The same set, split and seed give the same division on every machine. Throws DataError when
 * nothing is left to train on, ConfigError for a method that the set can't take.
 */
export function splitExamples(
  set: ExampleSet,
  split: SplitConfig | undefined,
  { task, seed }: { readonly task: Task; readonly seed: number },
): { readonly indices: SplitIndices; readonly warnings: readonly string[] } {
  const members: Record<SplitName, number[]> = { train: [], validation: [], test: [] };
  const open: number[] = [];
  for (let index = 0; index < set.count; index++) {
    const own = set.ownSplit(index);
    if (own) members[own].push(index);
    else open.push(index);
  }
  const warnings: string[] = [];
  const fraction = (name: "validation" | "test") => {
    const stated = split?.[name] ?? 0;
    if (stated === 0 || members[name].length === 0) return stated;
    warnings.push(`the data has a ${name} split of its own; data.split.${name} (${stated}) is not applied`);
    return 0;
  };
  const fractions = { validation: fraction("validation"), test: fraction("test") };
  if (fractions.validation > 0 || fractions.test > 0) {
    const name = split?.method ?? (split?.by ? "group" : defaultMethods[task]);
    if (set.windows && !isInOrder(name)) throw new ConfigError([outOfOrder(name)]);
    const method = splitMethods[name];
    const assigned = method.assign({ set, examples: Int32Array.from(open), ...fractions, seed: split?.seed ?? seed });
    for (const [position, name] of assigned.splits.entries()) members[name].push(open[position] as number);
    warnings.push(...assigned.warnings);
  } else {
    for (const index of open) members.train.push(index);
  }
  checkFilled(members, fractions, warnings);
  const sorted = (indices: number[]) => Int32Array.from(indices).sort();
  return {
    indices: { train: sorted(members.train), validation: sorted(members.validation), test: sorted(members.test) },
    warnings,
  };
}

/** Whether a method keeps what follows on one another together, as windows need it. */
export function isInOrder(method: SplitMethodName): boolean {
  return method === "chronological" || method === "last";
}

/** What is wrong with a method that is not. */
export function outOfOrder(method: SplitMethodName): ConfigProblem {
  return {
    path: "data.split.method",
    message: `${method} takes apart what follows on one another, and windows are cut from it`,
    hint: 'Use "chronological", which is the default for windows.',
  };
}

function checkFilled(
  members: Readonly<Record<SplitName, readonly number[]>>,
  fractions: Readonly<Record<"validation" | "test", number>>,
  warnings: string[],
): void {
  if (members.train.length === 0) {
    throw new DataError("There are no examples to train on", {
      hint: "Lower the fractions of data.split, or add examples.",
    });
  }
  for (const name of ["validation", "test"] as const) {
    if (fractions[name] > 0 && members[name].length === 0) {
      warnings.push(`there are too few examples for a ${name} split: it is empty`);
    }
  }
}
