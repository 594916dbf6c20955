import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { writing } from "../../checkpoint/explain-write-error";
import { fileVersionEvent, sessionStartEvent } from "./event-messages";
import { tfRecord } from "./tf-record";

/** A TensorBoard event file: one is begun each time a run is started or resumed. */
export class EventFile {
  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
  ) {}

  /** Begins a file in `folder` for steps after `step`. Throws EnvironmentError when it can't be written. */
  static async create(folder: string, step: number): Promise<EventFile> {
    const now = Date.now();
    // TensorBoard reads files with "tfevents" in their name, in the order of their names.
    const path = join(folder, `events.out.tfevents.${now}.${process.pid}.dlctl`);
    return writing(path, async () => {
      await mkdir(folder, { recursive: true });
      const created = new EventFile(await open(path, "a"), path);
      try {
        await created.append(fileVersionEvent(now / 1000), sessionStartEvent(now / 1000, step + 1));
        return created;
      } catch (error) {
        await created.close();
        throw error;
      }
    });
  }

  /** Adds what `make` makes for the present time, in seconds; handed to the system when it returns. */
  async add(make: (seconds: number) => Uint8Array): Promise<void> {
    await this.append(make(Date.now() / 1000));
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async append(...messages: Uint8Array[]): Promise<void> {
    const bytes = Buffer.concat(messages.map(tfRecord));
    await writing(this.path, () => this.file.appendFile(bytes));
  }
}
