import type { PlannedInput } from "../data/preprocess/planned-input";
import { sizeOf } from "../model/costs/operation";
import type { ModelDescription } from "../model/describe-model";
import type { LayerConfig } from "../model/layer-config";
import { isHalf, type Precision } from "../runtime/precision";
import type { MemoryRequest } from "./memory";
import type { StepLayer } from "./needed-passes";

/** All that a plan is made of, whatever the device. */
export interface PlanRequest {
  readonly layers: readonly LayerConfig[];
  readonly description: ModelDescription;
  /** Of one example, and as batches bring it. */
  readonly input: { readonly shape: readonly number[]; readonly dtype: PlannedInput["dtype"] };
  readonly batchSize: number;
  readonly epochs: number;
  /** Of the optimizer, for each weight. */
  readonly slotCount: number;
  /** Kernels, biases and such that the optimizer updates. */
  readonly variables: number;
  readonly examples: { readonly train: number; readonly validation: number } | undefined;
  /** Of products in training; undefined: what the device has by default. */
  readonly precision?: Precision | undefined;
}

export const memoryRequest = (
  { input, description, slotCount, precision }: PlanRequest,
  layers: readonly StepLayer[],
): MemoryRequest => ({
  layers,
  inputNumbers: sizeOf(input.shape),
  parameters: description.parameters,
  trainableParameters: description.trainableParameters,
  slotCount,
  hasHalves: isHalf(precision),
});
