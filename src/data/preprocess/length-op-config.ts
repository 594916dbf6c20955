import { z } from "zod";

const length = z.int().positive();
const side = z.enum(["end", "start"]).default("end");

export const truncateSchema = z
  .strictObject({
    op: z.literal("truncate"),
    length: length.describe("Most steps or tokens that are kept."),
    side: side.describe("Where a longer example is cut off: end keeps its beginning, start keeps its end."),
  })
  .describe("Series and texts only: shortens what is longer than `length`.");

export const padSchema = z
  .strictObject({
    op: z.literal("pad"),
    length: length.describe("Steps or tokens that every example has afterwards; a longer one is an error."),
    side: side.describe("Where a shorter example is filled up."),
  })
  .describe(
    "Series and texts only, last: fills up what is shorter than `length`. Padding is masked: layers that take a mask pass over it.",
  );

type LengthOp = z.output<typeof truncateSchema> | z.output<typeof padSchema>;

/** One length and the side at which it is made; as a model folder records it. */
export const lengthRuleSchema = z.strictObject({ length, side: z.enum(["end", "start"]) });

export type LengthRule = z.output<typeof lengthRuleSchema>;

/** The truncation and the padding of a list of ops, checked before: each there once at most. */
export function lengthRules(ops: readonly { readonly op: string }[]): {
  readonly truncate: LengthRule | null;
  readonly pad: LengthRule | null;
} {
  const find = (name: LengthOp["op"]) => {
    const found = ops.find(({ op }) => op === name) as LengthOp | undefined;
    return found ? { length: found.length, side: found.side } : null;
  };
  return { truncate: find("truncate"), pad: find("pad") };
}
