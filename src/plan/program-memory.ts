import { sizeOf } from "../model/costs/operation";
import { bytesPerNumber } from "./memory";
import type { PlanRequest } from "./plan-request";

/** What `dlctl train` keeps in the machine's memory beside what the device computes with. Bytes. */
export interface ProgramMemory {
  /** The model as TensorFlow.js has it, whose weights are not those of the compiled step. */
  readonly model: number;
  /** Weights and slots on their way into a checkpoint. */
  readonly checkpoint: number;
  /** Decoded inputs of all examples; 0 where their number is not known. */
  readonly data: number;
  readonly total: number;
}

export function programMemory({ description, slotCount, examples, input }: PlanRequest): ProgramMemory {
  const model = bytesPerNumber * description.parameters;
  const checkpoint = model + slotCount * bytesPerNumber * description.trainableParameters;
  const count = examples ? examples.train + examples.validation : 0;
  const data = count * sizeOf(input.shape) * (input.dtype === "uint8" ? 1 : bytesPerNumber);
  return { model, checkpoint, data, total: model + checkpoint + data };
}
