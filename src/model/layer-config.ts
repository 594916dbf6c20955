import { z } from "zod";
import type { LayerDefinition } from "./layers/define-layer";
import { type LayerType, layerDefinitions } from "./layers/layer-definitions";

/** Options that every layer has. */
const commonOptions = {
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/, "is made of letters, digits, '_', '.' and '-'")
    .refine((name) => name !== "input", '"input" is the name of the model\'s input')
    .optional()
    .describe("What other layers' inputs and messages call it; made from its type by default."),
  inputs: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'Names of the layers above whose outputs it takes ("input" is the model\'s); the one before it by default.',
    ),
  trainable: z.boolean().optional().describe("false keeps its weights as they are."),
};

type OptionsOf<Type extends LayerType> = z.ZodObject<(typeof layerDefinitions)[Type]["options"]>;
/** zod's type of an object without keys would forbid `type`, too. */
type Without<Type extends LayerType> = keyof (typeof layerDefinitions)[Type]["options"] extends never ? unknown : never;

/** A layer of a config, defaults filled in. */
export type LayerConfig = {
  [Type in LayerType]: { type: Type } & z.output<z.ZodObject<typeof commonOptions>> &
    (z.output<OptionsOf<Type>> | Without<Type>);
}[LayerType];

/** A layer as people write it. */
export type LayerInput = {
  [Type in LayerType]: { type: Type } & z.input<z.ZodObject<typeof commonOptions>> &
    (z.input<OptionsOf<Type>> | Without<Type>);
}[LayerType];

const schemaOf = ({ type, description, options }: LayerDefinition) =>
  z.strictObject({ type: z.literal(type), ...commonOptions, ...options }).describe(description);

const schemas = Object.values<LayerDefinition>(layerDefinitions).map(schemaOf);

/** One layer of `model.layers`: strict, told apart by `type`. */
export const layerSchema = z.discriminatedUnion("type", schemas as [(typeof schemas)[number]]) as unknown as z.ZodType<
  LayerConfig,
  LayerInput
>;
