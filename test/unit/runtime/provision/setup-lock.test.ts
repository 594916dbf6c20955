import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withSetupLock } from "../../../../src/runtime/provision/setup-lock";

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-lock-"));
  lock = join(folder, "setup.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the second waits for the first", async () => {
  const order: string[] = [];
  const first = withSetupLock(lock, async () => {
    await sleep(400);
    order.push("first");
  });
  await sleep(50);
  const waited: number[] = [];
  await withSetupLock(lock, async () => void order.push("second"), { onWait: (pid) => waited.push(pid) });
  await first;
  expect(order).toEqual(["first", "second"]);
  expect(waited).toEqual([process.pid]);
  expect(existsSync(lock)).toBe(false);
});

test("a dead process's lock is taken over", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", "0"]);
  writeFileSync(lock, JSON.stringify({ pid, host: hostname() }));
  expect(await withSetupLock(lock, async () => "done")).toBe("done");
});

test("a lock of another host counts while it beats", async () => {
  writeFileSync(lock, JSON.stringify({ pid: 1, host: "another.example" }));
  const signal = AbortSignal.timeout(700);
  await expect(withSetupLock(lock, async () => "done", { signal })).rejects.toThrow();
  const old = new Date(Date.now() - 120_000);
  utimesSync(lock, old, old);
  expect(await withSetupLock(lock, async () => "done")).toBe("done");
});

test("the lock is given back when the work fails", async () => {
  await expect(withSetupLock(lock, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(existsSync(lock)).toBe(false);
});
