import type { TrainingEvent } from "../train/events";

/** Whoever wants to know how a run goes, beside the terminal. */
export interface TrainingListener {
  handle(event: TrainingEvent): void;
}
