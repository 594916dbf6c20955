import { z } from "zod";
import { tokenUnit } from "./tokenize-config";

/** Ids that no text's tokens have by themselves. */
export const paddingId = 0;
export const unknownId = 1;

/** What these two are called where tokens are listed. No word and no character is called so. */
export const specialTokens = ["<padding>", "<unknown>"] as const;

/** JSON that a model folder holds: a trained tokenizer, whole. */
export const tokenizerRecordSchema = z
  .strictObject({
    unit: tokenUnit,
    lowercase: z.boolean(),
    /** Whether texts are words separated by white space, each of which is a token. */
    isTokenized: z.boolean(),
    /** A token's id is its position. */
    tokens: z.array(z.string()).min(specialTokens.length),
    /** Subwords only: pairs of ids, in the order in which they are merged. */
    merges: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])),
  })
  .refine(
    ({ tokens, merges }) => {
      const known = new Set(tokens);
      return merges.every(([left, right]) => known.has(`${tokens[left]}${tokens[right]}`));
    },
    { path: ["merges"], error: "name tokens that are not there" },
  );

export type TokenizerRecord = z.output<typeof tokenizerRecordSchema>;
