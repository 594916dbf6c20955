import { sizeOf } from "../model/costs/operation";
import type { Machine } from "./machine";
import { bytesPerNumber } from "./memory";
import type { StepLayer } from "./needed-passes";

export interface StepTime {
  /** Seconds of each layer in a training step: forward and backward. */
  readonly layers: readonly number[];
  /** Of the optimizer's update. */
  readonly update: number;
  readonly train: number;
  /** Of a batch that is predicted or evaluated. */
  readonly predict: number;
}

interface StepRequest {
  readonly layers: readonly StepLayer[];
  readonly trainableParameters: number;
  /** How many weights (kernels, biases) there are to update. */
  readonly variables: number;
  readonly slotCount: number;
  /** Of one example. */
  readonly input: { readonly shape: readonly number[]; readonly dtype: "uint8" | "float32" | "int32" };
}

/** How long steps with batches of this size take on the machine. */
export function stepTime(machine: Machine, { layers, ...of }: StepRequest, batch: number): StepTime {
  const seconds = layers.map(({ steps }) =>
    steps.map(({ operation: { kind }, forward, backward }) => ({
      forward: machine.workSeconds(kind, "forward", forward, batch),
      backward: machine.workSeconds(kind, "backward", backward, batch),
    })),
  );
  const forward = sum(seconds.flat().map((pass) => pass.forward));
  const perLayer = seconds.map((passes) => sum(passes.map((pass) => pass.forward + pass.backward)));
  const update = machine.updateSeconds(updateBytes(of), of.variables);
  const feed = machine.feedSeconds(batch * sizeOf(of.input.shape) * (of.input.dtype === "uint8" ? 1 : bytesPerNumber));
  return {
    layers: perLayer,
    update,
    train: machine.stepSeconds.train + feed + sum(perLayer) + update,
    predict: machine.stepSeconds.predict + feed + forward,
  };
}

/** The gradient is read, weights and slots are read and written. */
export const updateBytes = ({
  trainableParameters,
  slotCount,
}: Pick<StepRequest, "trainableParameters" | "slotCount">): number =>
  bytesPerNumber * trainableParameters * (3 + 2 * slotCount);

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
