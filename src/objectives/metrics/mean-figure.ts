import { tf } from "../../runtime/tf";
import type { Metric } from "./define-metric";
import { ratio } from "./ratio";

/** A metric that is the mean of `term` over all examples and outputs, finished by `finish`; lower is better. */
export function meanFigure(
  name: string,
  term: (targets: tf.Tensor, outputs: tf.Tensor) => tf.Tensor,
  finish: (mean: number) => number = (mean) => mean,
): Metric {
  return {
    name,
    isHigherBetter: false,
    statisticsLength: 2,
    statistics: (targets, outputs) => {
      const terms = term(targets, outputs);
      return tf.stack([terms.sum(), tf.scalar(terms.size)]).as1D();
    },
    result: ([total, count]) => finish(ratio(total, count)),
  };
}
