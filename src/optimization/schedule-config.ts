import { type KindConfig, kindSchema } from "../shared/kind-schema";
import type { Schedule, ScheduleContext, ScheduleDefinition } from "./schedules/define-schedule";
import { scheduleDefinitions } from "./schedules/schedule-definitions";
import { afterWarmup, withWarmup } from "./schedules/warmup";

/** `"cosine"` or `{ "type": "cosine", "warmupEpochs": 1 }`. */
export const scheduleSchema = kindSchema(scheduleDefinitions);

export type ScheduleConfig = KindConfig<typeof scheduleDefinitions>;

/** The schedule of a run; constant without a config. A schedule's own time begins when its warm-up ends. */
export function createSchedule(config: ScheduleConfig | undefined, context: ScheduleContext): Schedule {
  if (!config) return { rateAt: () => context.baseRate };
  const definition: ScheduleDefinition = scheduleDefinitions[config.type];
  return withWarmup(config, definition.create(config, afterWarmup(config, context)), context);
}
