import type { NamedTensor } from "../checkpoint/model-weights";
import { DivergedError } from "../shared/errors";
import type { DivergenceOrigin } from "./find-origin";

export interface Place {
  /** The update, counted from 1, that did it. */
  readonly step: number;
  readonly epoch: number;
  readonly learningRate: number;
}

/** For a figure that became NaN or infinite; `origin`: what went bad first, if that was found; `isByFloat16`: nothing would have in float32. */
export function divergence(
  { step, epoch, learningRate }: Place,
  what = "loss",
  origin: DivergenceOrigin | undefined = undefined,
  isByFloat16 = false,
): DivergedError {
  const rate = Number(learningRate.toPrecision(4));
  return new DivergedError(
    `Training diverged: the ${what} is no finite number at step ${step} in epoch ${epoch}, at learning rate ${rate}${origin === undefined ? "" : `; ${describeOrigin(origin, step)}`}`,
    { hint: isByFloat16 ? float16Hint : hintFor(origin, step, learningRate) },
  );
}

const float16Hint =
  "In float32 it is one: float16 ends at 65504. Start anew with --overwrite and train.precision=bfloat16, or look at the scale of the inputs: is there a normalize?";

function describeOrigin({ step, found, example }: DivergenceOrigin, failed: number): string {
  const where = step === failed ? "" : ` in step ${step}`;
  switch (found.what) {
    case "input":
    case "target":
      return `the ${found.what} of ${example} is none, either`;
    case "output":
      return `the first that was none: the output of layer ${found.layer}${where}`;
    case "gradient":
      return `the first that was none: the gradient of ${found.weight}${where}`;
    case "update":
      return `the first that was none: ${found.weight}, after the update of step ${step}, whose gradients were finite`;
    case "loss":
      return `the outputs of all layers are finite${where}, and only the loss of them is not`;
  }
}

function hintFor(origin: DivergenceOrigin | undefined, step: number, learningRate: number): string {
  const what = origin?.found.what;
  if (what === "input" || what === "target")
    return "Correct or leave out that example, and start anew with --overwrite.";
  const lower = Number((learningRate / 10).toPrecision(2));
  const atOnce = what === "loss" ? "are the targets too large? Scale them" : "is there a normalize?";
  const scale = step <= 1 ? `; or look at the scale of the ${what === "loss" ? "targets" : "inputs"}: ${atOnce}` : "";
  return `Start anew with --overwrite and a lower train.optimizer.learningRate, such as ${lower}, or with train.gradientClipping={"globalNorm":1}${scale}.`;
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
