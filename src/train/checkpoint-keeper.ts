import { type Checkpoint, rotateCheckpoints, writeCheckpoint } from "../checkpoint/checkpoint";
import type { TrainingEvent } from "./events";

/** In a long epoch a killed process loses no more than this. */
const longestMilliseconds = 10 * 60_000;

/** Whole epochs and updates done. */
export interface TrainingPosition {
  readonly epoch: number;
  readonly step: number;
}

/** Writes a run's checkpoints, and knows where the newest one stands. */
export class CheckpointKeeper {
  private savedAt = performance.now();
  private saved: TrainingPosition | null = null;

  /** The newest checkpoint; null where there is none yet but that of the first weights. */
  get newest(): TrainingPosition | null {
    return this.saved;
  }

  /** Whether so much time has gone by that the next step should not be waited for. */
  get isDue(): boolean {
    return performance.now() - this.savedAt > longestMilliseconds;
  }

  /** The run goes on from a checkpoint that is on disk. */
  startFrom(position: TrainingPosition): void {
    this.saved = position;
  }

  isAt({ epoch, step }: TrainingPosition): boolean {
    return this.saved?.epoch === epoch && this.saved.step === step;
  }

  /** Writes `checkpoint` into `folder` and removes all but the newest `keepLast`. */
  async save(folder: string, checkpoint: Checkpoint, keepLast: number): Promise<TrainingEvent> {
    const path = await writeCheckpoint(folder, checkpoint);
    await rotateCheckpoints(folder, keepLast);
    const { epoch, step } = checkpoint.state;
    this.savedAt = performance.now();
    this.saved = { epoch, step };
    return { type: "checkpoint", epoch, step, path };
  }
}
