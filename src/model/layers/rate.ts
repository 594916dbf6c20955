import { z } from "zod";

/** The option `rate` of the layers that drop something. */
export const rate = z.number().min(0).lt(1).describe("Share of the inputs that is dropped in training.");
