import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder that is made before each test and removed after it; to be called in `describe`. */
export function useTemporaryFolder(): {
  readonly path: string;
  /** Writes a file into it, making the folders on its path; returns the whole path. */
  write(name: string, content: string | Uint8Array): string;
} {
  let path = "";
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), "dlctl-test-"));
  });
  afterEach(() => rmSync(path, { recursive: true, force: true }));
  return {
    get path() {
      return path;
    },
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
  };
}
