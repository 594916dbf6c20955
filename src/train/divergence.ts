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
  const broken = weights.find(({ data }) => !data.every(Number.isFinite));
  if (broken) throw divergence(place, `weight ${broken.name}`);
}
