import { z } from "zod";
import { configSchema } from "./config-schema";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema (draft-07, which editors know best) of what people write: defaults may be left out, kinds may be names.
 * What it can't say (checks across fields, shapes) `dlctl validate` does.
 */
export function configJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configSchema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
    override: tidy,
  });
  return {
    ...schema,
    title: "dlctl config",
    description: "A model of dlctl: what it learns from, what it is made of, how it is trained.",
  };
}

/** Bounds that only say "a number that JavaScript can hold" are noise in an editor. */
function tidy({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
