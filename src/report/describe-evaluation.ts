import type { ExampleSet } from "../data/example-set";
import type { Evaluation } from "../evaluate/evaluation";
import type { PictureBudget } from "./picture-budget";
import type { ReportedEvaluation } from "./reported-run";

/** An evaluation with small pictures of the examples that it shows. */
export async function withPictures(
  evaluation: Evaluation,
  set: ExampleSet,
  budget: PictureBudget,
): Promise<ReportedEvaluation> {
  const pictures = new Map<number, string>();
  if (set.inputs.kind === "image") {
    for (const { example, origin } of shownExamples(evaluation)) {
      if (pictures.has(example)) continue;
      const picture = await budget.addExample(set.inputs, example, { origin });
      if (picture !== undefined) pictures.set(example, picture);
    }
  }
  return { ...evaluation, pictures };
}

function shownExamples({ details }: Evaluation): readonly { readonly example: number; readonly origin: string }[] {
  switch (details.kind) {
    case "classes":
      return [...details.mistakes, ...(details.uncertain ?? [])];
    case "values":
      return details.worst ?? [];
    default:
      return [];
  }
}
