import { z } from "zod";

const count = z.int().nonnegative();

/** JSON has no NaN or infinity; a figure that is not finite is stored as null. */
const figure = z.number().nullable();

export const epochSumsSchema = z.strictObject({
  count,
  steps: count,
  weight: z.number(),
  lossSum: z.number(),
  penaltySum: z.number(),
  metrics: z.array(z.array(z.number())),
});

/** All that a run remembers beside tensors: where it stands. */
export const checkpointStateSchema = z.strictObject({
  /** Updates done. */
  step: count,
  /** Whole epochs done: that many lines of the history belong to this state. */
  epoch: count,
  /** Batches done of the epoch after these. */
  batch: count,
  /** What these batches have added up to; null at an epoch's end. */
  sums: epochSumsSchema.nullable(),
  /** What the learning-rate schedule remembers. */
  schedule: z.unknown(),
  earlyStopping: z.strictObject({ best: figure, wait: count, isStopped: z.boolean() }).nullable(),
  /** The best epoch so far and the folder of its weights beside the checkpoints; null before the first epoch. */
  best: z.strictObject({ epoch: count, value: figure, folder: z.string().regex(/^best-\d+$/) }).nullable(),
  /** Seconds spent so far. */
  seconds: z.number().nonnegative(),
});

export type CheckpointState = z.output<typeof checkpointStateSchema>;
