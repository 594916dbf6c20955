import { type Checkpoint, readLastCheckpoint } from "../checkpoint/checkpoint";
import type { DivergedError } from "../shared/errors";
import { divergence, type Place } from "./divergence";
import { findOrigin } from "./find-origin";
import type { TrainingSetup } from "./training-setup";

/** A figure of a run that is not finite. */
export interface DivergedFigure {
  /** What it is, for people. */
  readonly what: string;
  readonly place: Place;
  /** The update, counted from 1, whose pass shows it. */
  readonly until: number;
}

interface RunToRepeat {
  /** The folder of its checkpoints. */
  readonly checkpoints: string;
  /** Takes the run back to one of them. */
  restore(checkpoint: Checkpoint): void;
  readonly signal: AbortSignal;
}

/** The error that ends the run. Repeats the steps since the last checkpoint to find what went bad first. */
export async function explainDivergence(
  setup: TrainingSetup,
  { what, place, until }: DivergedFigure,
  { checkpoints, restore, signal }: RunToRepeat,
): Promise<DivergedError> {
  const checkpoint = await readLastCheckpoint(checkpoints, () => undefined).catch(() => undefined);
  if (!checkpoint) return divergence(place, what);
  restore(checkpoint);
  // Looked for in float32.
  const origin = await findOrigin(setup, checkpoint.state, until, signal);
  return divergence(place, what, origin, origin === undefined && setup.program.precision === "float16");
}
