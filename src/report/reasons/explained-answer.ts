import type { Evaluation } from "../../evaluate/evaluation";
import type { ShownExample } from "../../evaluate/shown-input";
import { worstForecasts } from "./worst-forecasts";

/** An answer of a model that was far off. */
export interface ExplainedAnswer {
  /** Its number in the evaluated set. */
  readonly example: number;
  /** The class that was said, or the value's name. */
  readonly output: string;
  /** Of sequences with a class for each step: which of those with a target, from 1. */
  readonly word?: number | undefined;
}

/** The worst mistakes of an evaluation, at most ten, in the order in which they are shown; none of language models. */
export function worstAnswers({ details }: Evaluation): readonly ExplainedAnswer[] {
  switch (details.kind) {
    case "classes":
      return details.mistakes.map((mistake) => ({ ...placeOf(mistake), output: mistake.predicted }));
    case "values":
      return (details.worst ?? []).map((worst) => ({ ...placeOf(worst), output: worst.target }));
    case "forecasts":
      return worstForecasts(details).map(({ example, output }) => ({ example, output }));
    case "tokens":
      return [];
  }
}

const placeOf = ({ example, word }: ShownExample) => ({ example, ...(word === undefined ? {} : { word }) });
