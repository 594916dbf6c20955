import { balancedClassWeights, classCounts } from "../data/class-balance";
import type { ExampleTargets, SplitIndices } from "../data/example-set";
import { ConfigError } from "../shared/errors";

type ClassWeights = "balanced" | Readonly<Record<string, number>>;

/**
 * The weight of each class in the loss, in the order of the labels; undefined when the config asks for none. Throws
 * ConfigError for a label that the data does not have, and for targets that are no classes.
 */
export function resolveClassWeights(
  config: ClassWeights | undefined,
  targets: ExampleTargets,
  splits: SplitIndices,
): readonly number[] | undefined {
  if (config === undefined) return undefined;
  if (targets.kind === "values") {
    throw new ConfigError(
      [{ path: "train.classWeights", message: "the data has no classes: its targets are numbers" }],
      {
        hint: "Take classWeights away.",
      },
    );
  }
  if (config === "balanced") return balancedClassWeights(trainingCounts(targets, splits));
  const { labels } = targets;
  const unknown = Object.keys(config).filter((label) => !labels.includes(label));
  if (unknown.length > 0) {
    const problems = unknown.map((label) => ({
      path: `train.classWeights[${JSON.stringify(label)}]`,
      message: "the data has no such class",
    }));
    const shown = labels.slice(0, 20).join(", ");
    throw new ConfigError(problems, { hint: `The classes are ${shown}${labels.length > 20 ? ", ..." : ""}.` });
  }
  return labels.map((label) => (Object.hasOwn(config, label) ? (config[label] as number) : 1));
}

/** How often each class is to be predicted in training: at how many steps, where it is one for each step. */
function trainingCounts(targets: Exclude<ExampleTargets, { kind: "values" }>, splits: SplitIndices): readonly number[] {
  if (targets.kind === "class") return classCounts(targets, splits).train;
  const counts = new Array<number>(targets.labels.length).fill(0);
  for (const example of splits.train) {
    for (const label of targets.steps(example)) if (label >= 0) counts[label] = (counts[label] as number) + 1;
  }
  return counts;
}
