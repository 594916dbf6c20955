import { type KindConfig, kindSchema } from "../shared/kind-schema";
import type { BoundLoss, LossDefinition, TargetEncoding } from "./losses/define-loss";
import { lossDefinitions } from "./losses/loss-definitions";

/** `"huber"` or `{ "type": "huber", "delta": 2 }`. */
export const lossSchema = kindSchema(lossDefinitions);

export type LossConfig = KindConfig<typeof lossDefinitions>;

/**
 * How this loss takes targets that are classes or values; undefined when it can't take them. One-hot is preferred for
 * classes, because mixup and class probabilities need it.
 */
export function targetEncoding(config: LossConfig, targets: "class" | "values"): TargetEncoding | undefined {
  const taken = lossDefinitions[config.type].targets as readonly TargetEncoding[];
  const wanted: readonly TargetEncoding[] = targets === "values" ? ["values"] : ["oneHot", "index"];
  return wanted.find((encoding) => taken.includes(encoding));
}

/** Whether this loss can be taken of classes at each step of a sequence: see `bindSequenceLoss`. */
export function takesSequences(config: LossConfig): boolean {
  return targetEncoding(config, "class") !== undefined;
}

/** The loss with its options applied. Throws RangeError for an encoding that the loss does not take: check before. */
export function bindLoss(config: LossConfig, encoding: TargetEncoding): BoundLoss {
  const definition: LossDefinition = lossDefinitions[config.type];
  if (!definition.targets.includes(encoding)) {
    throw new RangeError(`${config.type} takes no ${encoding} targets`);
  }
  return { encoding, perExample: (targets, outputs) => definition.perExample(config, targets, outputs) };
}
