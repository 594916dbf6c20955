import type { NumericOpConfig } from "./numeric-op-config";

const names: readonly string[] = ["normalize", "standardize", "minMax"] satisfies NumericOpConfig["op"][];

/** Whether an op of a list computes with numbers. */
export function isNumericOp<Op extends { readonly op: string }>(op: Op): op is Op & NumericOpConfig {
  return names.includes(op.op);
}

/** The ops of a list that compute with numbers, in their order. */
export function numericOps(ops: readonly { readonly op: string }[]): NumericOpConfig[] {
  return ops.filter(isNumericOp);
}
