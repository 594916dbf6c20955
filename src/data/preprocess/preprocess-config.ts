import { z } from "zod";
import { imageOpSchemas } from "../image-op-config";
import { tokenizeSchema } from "../text/tokenize-config";
import { padSchema, truncateSchema } from "./length-op-config";
import { minMaxSchema, normalizeSchema, standardizeSchema } from "./numeric-op-config";

/** `data.preprocess`: what is done to every input, in this order. */
export const preprocessOpSchema = z.discriminatedUnion("op", [
  ...imageOpSchemas,
  normalizeSchema,
  standardizeSchema,
  minMaxSchema,
  tokenizeSchema,
  truncateSchema,
  padSchema,
]);

export const preprocessSchema = z.array(preprocessOpSchema);

export type PreprocessConfig = z.output<typeof preprocessSchema>;
