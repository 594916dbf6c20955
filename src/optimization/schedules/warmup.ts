import { z } from "zod";
import type { Schedule, ScheduleContext } from "./define-schedule";

/** Options that every schedule takes which does not begin with a rise of its own. */
export const warmupOptions = {
  warmupEpochs: z.number().min(0).default(0).describe("Epochs (parts too) over which the rate first rises linearly."),
  warmupSteps: z.int().min(0).default(0).describe("The same in steps; added to warmupEpochs."),
  warmupFrom: z.number().min(0).default(0).describe("Rate of the first step, when there is a warm-up."),
};

/** Any schedule's config: those with a rise of their own have no warm-up. */
interface WarmupOptions {
  readonly type: string;
  readonly warmupEpochs?: number;
  readonly warmupSteps?: number;
  readonly warmupFrom?: number;
}

/** The time that is left for the schedule itself after the warm-up. */
export function afterWarmup(options: WarmupOptions, context: ScheduleContext): ScheduleContext {
  const epochs = context.epochs - warmupLength(options, context) / context.stepsPerEpoch;
  return { ...context, epochs: Math.max(0, epochs) };
}

/** `schedule` with its time beginning after the warm-up, during which the rate rises to the schedule's first. */
export function withWarmup(options: WarmupOptions, schedule: Schedule, context: ScheduleContext): Schedule {
  const length = warmupLength(options, context);
  if (length === 0) return schedule;
  const from = options.warmupFrom ?? 0;
  return {
    ...schedule,
    rateAt: (step) => {
      if (step >= length) return schedule.rateAt(step - length);
      return from + (schedule.rateAt(0) - from) * (step / length);
    },
  };
}

function warmupLength({ warmupEpochs = 0, warmupSteps = 0 }: WarmupOptions, context: ScheduleContext): number {
  return Math.round(warmupEpochs * context.stepsPerEpoch) + warmupSteps;
}
