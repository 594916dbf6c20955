import { z } from "zod";
import type { ScheduleContext } from "./define-schedule";

export const minLearningRate = z.number().min(0).default(0).describe("The rate does not fall below this.");

/** How much of the run is done before update `step`, 0 to 1; 0 when a warm-up takes all of it. */
export function progress(step: number, { stepsPerEpoch, epochs }: ScheduleContext): number {
  const steps = stepsPerEpoch * epochs;
  return steps > 0 ? Math.min(1, step / steps) : 0;
}

/** From `high` to `low` along half a cosine, as `share` goes from 0 to 1. */
export function cosineFall(high: number, low: number, share: number): number {
  return low + ((high - low) * (1 + Math.cos(Math.PI * share))) / 2;
}
