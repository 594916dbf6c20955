import { tf } from "../../runtime/tf";
import type { DeviceStage } from "../device-stage";

/** One step `(x / scale - mean) / std`; each list has one number, or one for each channel or feature. */
export interface Normalization {
  readonly scale: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** The steps, one after the other, in float32 along the last axis. See DeviceStage for who disposes what. */
export function normalizationStage(steps: readonly Normalization[]): DeviceStage {
  return (inputs) =>
    tf.tidy(() => {
      // A tensor of its own even where nothing is done: the caller disposes it, and the inputs separately.
      let outputs = inputs.clone();
      for (const { scale, mean, std } of steps) {
        if (!isAll(scale, 1)) outputs = outputs.div(tf.tensor1d([...scale]));
        if (!isAll(mean, 0)) outputs = outputs.sub(tf.tensor1d([...mean]));
        if (!isAll(std, 1)) outputs = outputs.div(tf.tensor1d([...std]));
      }
      return outputs;
    });
}

/** The same for feature number `feature` of one example, in float64. */
export function normalizeValue(value: number, feature: number, steps: readonly Normalization[]): number {
  return steps.reduce(
    (x, { scale, mean, std }) => (x / at(scale, feature) - at(mean, feature)) / at(std, feature),
    value,
  );
}

/** Undoes `normalizeValue`. */
export function originalValue(value: number, feature: number, steps: readonly Normalization[]): number {
  return steps.reduceRight(
    (x, { scale, mean, std }) => (x * at(std, feature) + at(mean, feature)) * at(scale, feature),
    value,
  );
}

function at(list: readonly number[], feature: number): number {
  return (list.length === 1 ? list[0] : list[feature]) as number;
}

function isAll(list: readonly number[], value: number): boolean {
  return list.every((each) => each === value);
}
