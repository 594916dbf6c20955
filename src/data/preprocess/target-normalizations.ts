import type { ConfigProblem } from "../../shared/errors";
import type { NumericOpConfig } from "./numeric-op-config";
import type { PreprocessConfig } from "./preprocess-config";

/**
 * The ops of the channels as they are for forecasting's targets: what has a number for each channel gives each target its own
 * channel's (`checkUnseenTargets` sees to it that there is one).
 */
export function targetNormalizations(
  ops: readonly NumericOpConfig[],
  channels: readonly string[],
  targets: readonly string[],
): NumericOpConfig[] {
  const pick = (values: number | number[]) =>
    Array.isArray(values) && values.length > 1
      ? targets.map((name) => values[channels.indexOf(name)] as number)
      : values;
  return ops.map((op) =>
    op.op === "normalize" ? { ...op, scale: pick(op.scale), mean: pick(op.mean), std: pick(op.std) } : op,
  );
}

/** What can't be done for targets that are not among the channels. */
export function checkUnseenTargets(
  ops: PreprocessConfig,
  channels: readonly string[],
  targets: readonly string[],
  relativeTo: "last" | null,
): ConfigProblem[] {
  const unseen = targets.filter((name) => !channels.includes(name)).join(", ");
  if (unseen === "") return [];
  const hint = "Name the targets among the features, too.";
  const relative =
    relativeTo === null
      ? []
      : [{ path: "data.window.relativeTo", message: `the model does not see the last value of ${unseen}`, hint }];
  const lists = ops.flatMap((op, index) => {
    const isList = op.op === "normalize" && [op.scale, op.mean, op.std].some((value) => [value].flat().length > 1);
    if (!isList) return [];
    return [
      { path: `data.preprocess[${index}]`, message: `it has a number for each feature, and none for ${unseen}`, hint },
    ];
  });
  return [...relative, ...lists];
}
