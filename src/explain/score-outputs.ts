import { logitsOf } from "../objectives/logits";
import type { tf } from "../runtime/tf";
import type { ExplainedOutput } from "./explanation";

/**
 * The number of each example that is explained, `[batch]`: the logit where a softmax or a sigmoid comes last, as probabilities near
 * 1 no longer change; else the output. `outputs` is what applyModel gave, `[batch, width]` or `[batch, steps, width]`. Inside tf.tidy.
 */
export function scoreOutputs(outputs: tf.Tensor, { index, sign, step = 0 }: ExplainedOutput): tf.Tensor1D {
  const scores = logitsOf(outputs, "softmax") ?? logitsOf(outputs, "sigmoid") ?? outputs;
  const [batch = 0, steps = 1] = scores.shape;
  const width = scores.shape.at(-1) ?? 1;
  const rows = scores.rank === 3 ? scores.reshape([batch, steps * width]) : scores;
  const place = scores.rank === 3 ? step * width + index : index;
  const column = rows.slice([0, place], [batch, 1]).reshape([batch]) as tf.Tensor1D;
  return sign === 1 ? column : column.neg();
}
