import { z } from "zod";

const values = z.number().or(z.array(z.number()).min(1));
const isNonzero = (value: number | number[]) => [value].flat().every((each) => each !== 0);
const divisor = values.refine(isNonzero, "must not be 0: the input is divided by it");

export const normalizeSchema = z
  .strictObject({
    op: z.literal("normalize"),
    scale: divisor.default(1).describe("Divides the input first: 255 brings pixels into [0, 1]."),
    mean: values.default(0).describe("Is subtracted next; one number, or one for each channel or feature."),
    std: divisor.default(1).describe("Divides last; one number, or one for each channel or feature."),
  })
  .describe("Computes (x / scale - mean) / std in float32, for images after all image ops.");

export const standardizeSchema = z
  .strictObject({ op: z.literal("standardize") })
  .describe(
    "Numbers only: (x - mean) / std of each feature over the training split (std of the population); a constant feature becomes 0.",
  );

export const minMaxSchema = z
  .strictObject({ op: z.literal("minMax") })
  .describe(
    "Numbers only: (x - min) / (max - min) of each feature over the training split, not clipped outside of it; a constant feature becomes 0.",
  );

export type NormalizeConfig = z.output<typeof normalizeSchema>;
export type NumericOpConfig = NormalizeConfig | z.output<typeof standardizeSchema> | z.output<typeof minMaxSchema>;
