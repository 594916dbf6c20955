import { z } from "zod";

const count = z.int().positive();

/** `window` of a table: forecasting. */
export const forecastWindowSchema = z
  .strictObject({
    length: count.describe("Rows that the model sees."),
    horizon: count.default(1).describe("Rows after these whose targets it predicts."),
    stride: count.default(1).describe("Rows from one window to the next."),
    relativeTo: z
      .literal("last")
      .optional()
      .describe(
        "Features and targets are given to the model as differences to their value in the window's last row; predictions come out in the data's own units all the same.",
      ),
  })
  .describe(
    "Forecasting: cuts the rows into windows. No window, its horizon included, crosses from one split or file into another.",
  );

/** `window` of a language model. */
export const tokenWindowSchema = z
  .strictObject({
    length: count.describe("Tokens that the model sees; at each of them the next one is predicted."),
    stride: count
      .optional()
      .describe(
        "Tokens from one training window to the next: its length where it isn't stated, so that an epoch trains on every token once. Validation and test windows predict each token once.",
      ),
  })
  .describe("Cuts the text into windows of tokens, none of which crosses from one split into another.");
