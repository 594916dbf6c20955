import { readdirSync } from "node:fs";
import type { DlctlResult } from "./run-dlctl";

export interface ExpectedFailure {
  /** Exit code. */
  readonly code: number;
  /** Parts of standard error: what is wrong, where, how to mend it. */
  readonly says: readonly (string | RegExp)[];
}

/** What every error a user can cause has in common: its exit code, plain words with a way out, and no stack. */
export function expectFailure({ code, stderr }: DlctlResult, expected: ExpectedFailure): void {
  expect({ code, stderr }).toMatchObject({ code: expected.code });
  expect(stderr).toMatch(/^error: /m);
  expect(stderr).not.toMatch(/^\s+at .+:\d+/m);
  expect(stderr).not.toContain("internal error");
  // Words of JavaScript, Node.js and the libraries that a person can't use.
  expect(stderr).not.toMatch(/undefined|\[object Object\]|\bNaN\b|TypeError|ZodError|ENOENT|ENOTDIR|EISDIR/);
  for (const part of expected.says) {
    if (typeof part === "string") expect(stderr).toContain(part);
    else expect(stderr).toMatch(part);
  }
}

/** All files and folders below `folder`, to see that a failure left nothing behind. */
export function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String).sort();
}
