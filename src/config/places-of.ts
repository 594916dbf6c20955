import { configJsonSchema, type JsonSchema } from "./json-schema";

/** Made at the first question: it takes as long as all the rest of checking a config. */
let places: Map<string, string[]> | undefined;

/** The paths at which a config may have the key `key`, but for those in lists: `epochs` is at `train.epochs`. */
export function placesOf(key: string): readonly string[] {
  places ??= collect(configJsonSchema(), "", new Map());
  return places.get(key) ?? [];
}

function collect(schema: JsonSchema, base: string, found: Map<string, string[]>): Map<string, string[]> {
  for (const form of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) collect(form, base, found);
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const path = base === "" ? key : `${base}.${key}`;
    const known = found.get(key) ?? [];
    if (!known.includes(path)) found.set(key, [...known, path]);
    if (typeof property === "object") collect(property, path, found);
  }
  return found;
}
