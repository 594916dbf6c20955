import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { OutputFile } from "../../../src/predict/output-file";
import { EnvironmentError } from "../../../src/shared/errors";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the file is there when it is finished, and not before", async () => {
  const path = join(folder, "deep", "out.jsonl");
  const file = await OutputFile.create(path);
  await file.write(["one", "two"]);
  await file.write(["three"]);
  expect(existsSync(path)).toBe(false);
  await file.finish();
  await file.discard();
  expect(readFileSync(path, "utf8")).toBe("one\ntwo\nthree\n");
  expect(readdirSync(join(folder, "deep"))).toEqual(["out.jsonl"]);
});

test("discarded, it leaves what was there before", async () => {
  const path = join(folder, "out.jsonl");
  writeFileSync(path, "old");
  const file = await OutputFile.create(path);
  await file.write(["new"]);
  await file.discard();
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["out.jsonl"]);
});

test("a pipe is written into and stays what it is", async () => {
  const path = join(folder, "pipe");
  expect(spawnSync("mkfifo", [path]).status).toBe(0);
  const reader = promisify(execFile)("cat", [path]);
  const file = await OutputFile.create(path);
  await file.write(["one", "two"]);
  await file.finish();
  await file.discard();
  expect((await reader).stdout).toBe("one\ntwo\n");
  expect(statSync(path).isFIFO()).toBe(true);
});

test("a place that can't be written is named", async () => {
  writeFileSync(join(folder, "file"), "");
  const create = OutputFile.create(join(folder, "file", "out.jsonl"));
  await expect(create).rejects.toThrow(EnvironmentError);
  await expect(create).rejects.toThrow(join(folder, "file", "out.jsonl"));
});
