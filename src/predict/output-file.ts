import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writing as writingTo } from "../checkpoint/explain-write-error";
import { isSpecialFile } from "../checkpoint/is-special-file";

const writing = <T>(path: string, write: () => Promise<T>) => writingTo(path, write, "another file with --output");

/**
 * A file of lines that is at `path` only once it is whole. Lines go to a temporary file beside it, so that any number of them takes
 * no memory. A device or a pipe is written into as it is. Throws EnvironmentError where it can't be written.
 */
export class OutputFile {
  private constructor(
    readonly path: string,
    /** Undefined for a device or a pipe. */
    private readonly temporary: string | undefined,
    private readonly file: FileHandle,
  ) {}

  /** Folders on the way are made. */
  static async create(path: string): Promise<OutputFile> {
    return writing(path, async () => {
      if (await isSpecialFile(path)) return new OutputFile(path, undefined, await open(path, "w"));
      await mkdir(dirname(path), { recursive: true });
      const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`);
      return new OutputFile(path, temporary, await open(temporary, "wx"));
    });
  }

  async write(lines: readonly string[]): Promise<void> {
    await writing(this.path, () => this.file.appendFile(lines.map((line) => `${line}\n`).join("")));
  }

  /** Puts the file in its place. */
  async finish(): Promise<void> {
    await writing(this.path, async () => {
      if (this.temporary === undefined) return this.file.close();
      await this.file.sync();
      await this.file.close();
      await rename(this.temporary, this.path);
    });
  }

  /** Leaves nothing behind; without effect after `finish`. */
  async discard(): Promise<void> {
    await this.file.close().catch(() => undefined);
    if (this.temporary !== undefined) await rm(this.temporary, { force: true });
  }
}
