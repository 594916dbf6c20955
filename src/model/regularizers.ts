import { z } from "zod";
import { tf } from "../runtime/tf";
import { type KindConfig, kindSchema } from "../shared/kind-schema";

export type TfRegularizer = ReturnType<typeof tf.regularizers.l1l2>;

const factor = z.number().nonnegative();

const regularizerDefinitions = {
  l1: {
    type: "l1",
    description: "Adds l1 times the sum of |w| to the loss.",
    options: { l1: factor.default(0.01).describe("Factor of the sum of |w|.") },
  },
  l2: {
    type: "l2",
    description: "Adds l2 times the sum of w^2 to the loss.",
    options: { l2: factor.default(0.01).describe("Factor of the sum of w^2.") },
  },
  l1l2: {
    type: "l1l2",
    description: "Adds both penalties to the loss.",
    options: { l1: factor.describe("Factor of the sum of |w|."), l2: factor.describe("Factor of the sum of w^2.") },
  },
} as const;

/** `"l2"` or `{ "type": "l2", "l2": 1e-4 }`. */
export const regularizerSchema = kindSchema(regularizerDefinitions);

export type RegularizerConfig = KindConfig<typeof regularizerDefinitions>;

/** The penalty on one weight of a layer; TensorFlow.js adds the penalties to the model's losses. */
export function createRegularizer(config: RegularizerConfig): TfRegularizer {
  return tf.regularizers.l1l2({ l1: "l1" in config ? config.l1 : 0, l2: "l2" in config ? config.l2 : 0 });
}
