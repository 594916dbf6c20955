import type { z } from "zod";
import type { weightOptions } from "./attention-options";
import type { LayerContext } from "./define-layer";
import { kernelArguments } from "./weight-arguments";

/** What the constructors of dlctl's own layers take for `weightOptions`. */
export function customArguments(options: z.output<z.ZodObject<typeof weightOptions>>, context: LayerContext) {
  const { activation: _, ...weights } = kernelArguments({ activation: "linear", ...options }, context);
  return weights;
}
