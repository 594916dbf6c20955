import type { BoundOptimizer } from "../optimization/optimizers/define-optimizer";
import { ModelFolderError } from "../shared/errors";
import type { HostTensor } from "../shared/host-tensor";
import { type ModelWeight, weightNames } from "./weight-names";

/** One slot of the optimizer for one trainable weight. */
export interface SlotName {
  /** As checkpoints name it: `conv1/kernel/mean`. */
  readonly key: string;
  /** The weight's name. */
  readonly name: string;
  readonly slot: string;
  readonly shape: readonly number[];
  readonly size: number;
  /** Its value before the first update, everywhere. */
  readonly first: number;
}

/** All slots of an optimizer for these trainable weights, weight by weight in their order. */
export function slotNames(optimizer: BoundOptimizer, weights: readonly ModelWeight[]): SlotName[] {
  const names = weightNames(weights);
  return weights.flatMap((weight, index) => {
    const { shape, size } = weight.read();
    const name = names[index] as string;
    return Object.entries(optimizer.slots).map(([slot, first]) => ({
      key: `${name}/${slot}`,
      name,
      slot,
      shape,
      size,
      first,
    }));
  });
}

/** Throws ModelFolderError when slots that were saved are not these. */
export function checkSlots(
  slots: readonly SlotName[],
  saved: Readonly<Record<string, HostTensor<Float32Array>>>,
): void {
  for (const { key, shape } of slots) {
    const found = saved[key];
    if (found && found.shape.join() === shape.join()) continue;
    throw new ModelFolderError(
      `The checkpoint does not fit the model: the optimizer's ${key} is ${found ? `[${found.shape}]` : "missing"}, expected [${shape}]`,
      { hint: "Resume with the config that the run was started with." },
    );
  }
}
