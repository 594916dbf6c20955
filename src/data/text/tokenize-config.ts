import { z } from "zod";

export const tokenUnit = z.enum(["word", "character", "subword"]);

export const tokenizeSchema = z
  .strictObject({
    op: z.literal("tokenize"),
    unit: tokenUnit
      .default("word")
      .describe(
        "word: runs of letters and digits, each other sign by itself, white space left out. character: each code point. subword: byte-pair encoding of code points, trained on the training split.",
      ),
    vocabulary: z
      .int()
      .min(3)
      .optional()
      .describe(
        "Most tokens, padding (0) and unknown (1) included; the most frequent are kept. Default: 20000 words, 8000 subwords, all characters.",
      ),
    minFrequency: z
      .int()
      .positive()
      .default(1)
      .describe("Words and characters that the training split has less often are unknown."),
    lowercase: z.boolean().optional().describe("Whether case is ignored. Default: true for words, else false."),
  })
  .describe(
    "Texts only, first: turns a text into token ids, by a vocabulary of the training split. Texts are brought into Unicode's form NFC first; an empty text becomes one unknown token.",
  );

export type TokenizeConfig = z.output<typeof tokenizeSchema>;
