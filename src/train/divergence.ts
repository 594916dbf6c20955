import type { NamedTensor } from "../checkpoint/model-weights";
import { DivergedError } from "../shared/errors";

interface Place {
  /** The update, counted from 1, that did it. */
  readonly step: number;
  readonly epoch: number;
  readonly learningRate: number;
}

/** For a figure that became NaN or infinite. */
export function divergence({ step, epoch, learningRate }: Place, what = "loss"): DivergedError {
  const rate = Number(learningRate.toPrecision(4));
  return new DivergedError(
    `Training diverged: the ${what} is no finite number at step ${step} in epoch ${epoch}, at learning rate ${rate}`,
    {
      hint: `Start anew with --overwrite and a lower train.optimizer.learningRate, such as ${Number((learningRate / 10).toPrecision(2))}, or with train.gradientClipping={"globalNorm":1}${step <= 1 ? "; or look at the scale of the inputs: is there a normalize?" : ""}.`,
    },
  );
}

/** Throws DivergedError when a weight is not finite: such weights are never kept. */
export function requireFinite(weights: readonly NamedTensor[], place: Place): void {
  for (const { name, data } of weights) {
    // A sum is finite only if all its terms are; a sum of finite float32 numbers stays finite in double precision.
    let sum = 0;
    for (let index = 0; index < data.length; index++) sum += data[index] as number;
    if (!Number.isFinite(sum)) throw divergence(place, `weight ${name}`);
  }
}
