import type { ModelDescription } from "../checkpoint/model-description";
import type { TakenInputs } from "./expand-inputs";

/** What a model's inputs are on the command line. */
export function takenInputs({ input, task }: Pick<ModelDescription, "input" | "task">): TakenInputs {
  if (input.kind === "image") return "images";
  return input.kind === "text" || task === "languageModel" ? "texts" : "tables";
}
