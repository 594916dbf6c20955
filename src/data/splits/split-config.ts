import { z } from "zod";
import { type SplitMethodName, splitMethods } from "./split-methods";

const names = Object.keys(splitMethods) as [SplitMethodName, ...SplitMethodName[]];

const fraction = z.number().min(0).lt(1);

const methods = names.map((name) => `${name}: ${splitMethods[name].description}`).join(" ");

/** `data.split`. */
export const splitSchema = z
  .strictObject({
    validation: fraction.optional().describe("Fraction that validates, of what has no file or folder of its own."),
    test: fraction.optional().describe("Fraction that tests, of what has no file or folder of its own."),
    method: z
      .enum(names)
      .optional()
      .describe(
        `How examples are divided; stratified where classes are predicted, chronological for windows, else random. ${methods}`,
      ),
    by: z.string().min(1).optional().describe("Column whose values are the groups of the method group."),
    seed: z.int().optional().describe("Seed of the division; the config's where it isn't stated."),
  })
  .refine(({ validation = 0, test = 0 }) => validation + test < 1, {
    error: "validation and test together leave nothing to train on: their sum must be under 1",
  })
  .refine(({ method, by }) => by === undefined || method === undefined || method === "group", {
    path: ["by"],
    error: 'is only used by "method": "group"',
  })
  .refine(({ method, by }) => method !== "group" || by !== undefined, {
    path: ["by"],
    error: 'is needed by "method": "group": the column whose values are the groups',
  });

export type SplitConfig = z.output<typeof splitSchema>;
