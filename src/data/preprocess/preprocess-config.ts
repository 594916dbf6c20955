import { z } from "zod";
import { imageOpSchemas } from "../image-op-config";
import { minMaxSchema, normalizeSchema, standardizeSchema } from "./numeric-op-config";

/** `data.preprocess`: what is done to every input, in this order. */
export const preprocessOpSchema = z.discriminatedUnion("op", [
  ...imageOpSchemas,
  normalizeSchema,
  standardizeSchema,
  minMaxSchema,
]);

export const preprocessSchema = z.array(preprocessOpSchema);

export type PreprocessConfig = z.output<typeof preprocessSchema>;
