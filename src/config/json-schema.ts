import { z } from "zod";
import { activationSchema } from "../model/activations";
import { constraintSchema } from "../model/constraints";
import { initializerSchema } from "../model/initializers";
import { regularizerSchema } from "../model/regularizers";
import { configSchema } from "./config-schema";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Stand in most layers, some of them several times: written once, as definitions. */
const shared = {
  activation: activationSchema,
  constraint: constraintSchema,
  initializer: initializerSchema,
  regularizer: regularizerSchema,
};

/**
 * The JSON Schema (draft-07, which editors know best) of what people write: defaults may be left out, kinds may be names.
 * What it can't say (checks across fields, shapes) `dlctl validate` does.
 */
export function configJsonSchema(): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  const schema = z.toJSONSchema(configSchema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      tidy(jsonSchema);
      share(zodSchema, jsonSchema, definitions);
    },
  });
  return {
    ...schema,
    title: "dlctl config",
    description: "A model of dlctl: what it learns from, what it is made of, how it is trained.",
    definitions,
  };
}

/** Bounds that only say "a number that JavaScript can hold" are noise in an editor. */
function tidy(jsonSchema: JsonSchema): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}

/** Moves a shared schema into `definitions` and leaves a reference to it. */
function share(zodSchema: z.core.$ZodType, jsonSchema: JsonSchema, definitions: Record<string, JsonSchema>): void {
  // By definition: describing a schema clones it, but not this.
  const name = Object.entries(shared).find(([, { _zod }]) => _zod.def === zodSchema._zod.def)?.[0];
  if (name === undefined) return;
  const { description, ...rest } = jsonSchema;
  definitions[name] ??= rest;
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  const reference = { $ref: `#/definitions/${name}` };
  // Draft-07 ignores what stands beside a reference.
  Object.assign(jsonSchema, description === undefined ? reference : { description, allOf: [reference] });
}
