import { z } from "zod";

/** Names of the classes, in the model's order. */
export const labelList = z
  .array(z.string().min(1))
  .min(1)
  .refine((labels) => new Set(labels).size === labels.length, { error: "a label is named twice" });

export const labels = labelList
  .optional()
  .describe("Names and orders the classes; else they are sorted: text by code point, numbers by value.");
