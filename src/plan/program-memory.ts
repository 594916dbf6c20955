import { sizeOf } from "../model/costs/operation";
import { bytesPerNumber } from "./memory";
import type { PlanRequest } from "./plan-request";

/** What `dlctl train` keeps in the machine's memory beside what the device computes with. Bytes. */
export interface ProgramMemory {
  /** The model as TensorFlow.js has it, whose weights are not those of the compiled step. */
  readonly model: number;
  /** Weights and slots on their way into the first step and into checkpoints. */
  readonly checkpoint: number;
  /** Inputs of all examples, and what reading them leaves; 0 where their number is not known. */
  readonly data: number;
  /** The trainer's code, and the image library's where there are images. */
  readonly code: number;
  readonly total: number;
}

const mebibyte = 2 ** 20;

/** Measured on other models than those of docs/plan.md's table: what a process held at most, less what is accounted for. */
const measured = {
  /** Copies of weights and slots: read from the device, put together, written. */
  checkpointCopies: 3.6,
  /** Strings and lists of a table, for each number in it. */
  bytesPerTableValue: 70,
  trainer: 13 * mebibyte,
  imageLibrary: 41 * mebibyte,
};

export function programMemory({ description, slotCount, examples, input }: PlanRequest): ProgramMemory {
  const model = bytesPerNumber * description.parameters;
  const checkpoint = measured.checkpointCopies * (model + slotCount * bytesPerNumber * description.trainableParameters);
  const isImage = input.dtype === "uint8";
  const count = examples ? examples.train + examples.validation : 0;
  const data = count * sizeOf(input.shape) * (isImage ? 1 : bytesPerNumber + measured.bytesPerTableValue);
  const code = measured.trainer + (isImage ? measured.imageLibrary : 0);
  return { model, checkpoint, data, code, total: model + checkpoint + data + code };
}
