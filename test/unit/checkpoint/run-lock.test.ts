import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { ownIdentity } from "../../../src/checkpoint/process-identity";
import { isLocked, takeRunLock } from "../../../src/checkpoint/run-lock";
import { UsageError } from "../../../src/shared/errors";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (holder: object) => writeFileSync(path, JSON.stringify(holder));

test("who holds it keeps others out until it is released", async () => {
  const lock = await takeRunLock(path, "models/m");
  expect(await isLocked(path)).toBe(true);
  const second = takeRunLock(path, "models/m");
  await expect(second).rejects.toThrow(UsageError);
  await expect(second).rejects.toThrow(`Another process works on models/m: process ${process.pid} on ${hostname()}`);
  await lock.release();
  expect(existsSync(path)).toBe(false);
  await (await takeRunLock(path, "models/m")).release();
});

const deadPid = () => spawnSync(process.execPath, ["-e", "0"]).pid;

test.each<[string, () => void]>([
  ["a process that has ended", () => write({ pid: deadPid(), host: hostname(), startedAt: null })],
  ["this process's number in an earlier life", () => write({ ...ownIdentity(), startedAt: "other boot:1" })],
  ["nobody that can be read", () => writeFileSync(path, "")],
  [
    "a process of another machine that is silent",
    () => {
      write({ pid: 1, host: "elsewhere", startedAt: null });
      utimesSync(path, new Date(0), new Date(0));
    },
  ],
])("the lock of %s is taken over", async (_name, leave) => {
  leave();
  expect(await isLocked(path)).toBe(false);
  const lock = await takeRunLock(path, "models/m");
  expect(await isLocked(path)).toBe(true);
  await lock.release();
});

test("a process of another machine that has just beaten holds it", async () => {
  write({ pid: 1, host: "elsewhere", startedAt: null });
  await expect(takeRunLock(path, "models/m")).rejects.toThrow("process 1 on elsewhere");
});
