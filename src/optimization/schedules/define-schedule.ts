import type { z } from "zod";

export interface ScheduleContext {
  /** The optimizer's `learningRate`. */
  readonly baseRate: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

/** A learning rate over time. What it remembers (reduce on plateau) is JSON, so that a run can be resumed. */
export interface Schedule {
  /** Rate of update number `step`, counted from 0 over the whole run. */
  rateAt(step: number): number;
  /** Told after each epoch, with `loss`, `val_loss` and the metrics. Returns a line for people when the rate changed by it. */
  endEpoch?(epoch: number, metrics: Readonly<Record<string, number>>): string | undefined;
  /** JSON of all that is remembered; undefined when nothing is. */
  state?(): unknown;
  restore?(state: unknown): void;
}

/** One kind of schedule, whole. */
export interface ScheduleDefinition<Type extends string = string, Options extends z.ZodRawShape = z.ZodRawShape> {
  readonly type: Type;
  /** One sentence with the formula, for the docs. */
  readonly description: string;
  readonly options: Options;
  create(options: z.output<z.ZodObject<Options>>, context: ScheduleContext): Schedule;
}

/** Lets TypeScript infer the options of a definition. */
export function defineSchedule<const Type extends string, Options extends z.ZodRawShape>(
  definition: ScheduleDefinition<Type, Options>,
): ScheduleDefinition<Type, Options> {
  return definition;
}
