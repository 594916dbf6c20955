import type { NumericOpConfig } from "./numeric-op-config";

/**
 * The ops of the channels as they are for forecasting's targets: what has a number for each channel gives each target its own
 * channel's. A target that is no channel takes part only in what is fitted or is the same for all; checked before.
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
