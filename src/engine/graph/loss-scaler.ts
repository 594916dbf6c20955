import type { HostTensor } from "../../shared/host-tensor";
import type { LossScale } from "../engine";

/** Where the scale starts, and after how many good steps in a row it is doubled. */
const first = 2 ** 15;
const goodStepsToDouble = 2000;
/** Below it float16 would have no use for a scale. */
const smallest = 2 ** -14;
/** The largest that leaves float32 room for the loss. */
const largest = 2 ** 40;

/** The key of its state among the slots that a checkpoint keeps; those of weights have a slash in them. */
export const lossScaleSlot = "lossScale";

/**
 * Dynamic loss scaling (Micikevicius et al., "Mixed Precision Training", 2018): halved when a gradient is not finite, doubled after
 * 2000 steps without that.
 */
export class LossScaler implements LossScale {
  private current = first;
  private good = 0;
  private skipped = 0;

  get scale(): number {
    return this.current;
  }

  get skippedSteps(): number {
    return this.skipped;
  }

  get isExhausted(): boolean {
    return this.current < smallest;
  }

  /** After a step at the present scale: whether its gradients were finite, and so the weights were updated. */
  endStep(hasUpdated: boolean): void {
    if (!hasUpdated) {
      this.skipped += 1;
      this.good = 0;
      this.current /= 2;
      return;
    }
    this.good += 1;
    if (this.good < goodStepsToDouble) return;
    this.good = 0;
    this.current = Math.min(largest, this.current * 2);
  }

  /** All of it, in three numbers. */
  get state(): HostTensor<Float32Array> {
    return { data: Float32Array.of(this.current, this.good, this.skipped), shape: [3] };
  }

  restore({ data }: HostTensor<Float32Array>): void {
    const [scale = first, good = 0, skipped = 0] = data;
    Object.assign(this, { current: scale, good, skipped });
  }
}
