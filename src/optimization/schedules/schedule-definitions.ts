import { constant } from "./constant";
import { cosine } from "./cosine";
import { cosineRestarts } from "./cosine-restarts";
import { exponential } from "./exponential";
import { oneCycle } from "./one-cycle";
import { piecewise } from "./piecewise";
import { polynomial } from "./polynomial";
import { reduceOnPlateau } from "./reduce-on-plateau";
import { step } from "./step";

/** Every learning-rate schedule: a new one is a file beside this and a line here. */
export const scheduleDefinitions = {
  constant,
  step,
  piecewise,
  exponential,
  cosine,
  cosineRestarts,
  oneCycle,
  polynomial,
  reduceOnPlateau,
} as const;

export type ScheduleType = keyof typeof scheduleDefinitions;
