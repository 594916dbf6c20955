import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder, runDlctl } from "../helpers/run-dlctl";
import { ringsConfig, writeRings } from "../helpers/tiny-training";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-twice-"));
  writeRings(join(folder, "rings.csv"));
  writeFileSync(join(folder, "config.json"), JSON.stringify(ringsConfig));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const args = ["train", "config.json", "--out", "model", "--device", "js"];

test("a folder that a living process trains into is refused, with that process; nothing happens to it", async () => {
  const first = spawn(
    process.execPath,
    [join(projectFolder, "bin", "dlctl"), ...args, "train.epochs=100000", "--json"],
    {
      cwd: folder,
    },
  );
  const ended = new Promise<number | null>((resolve) => first.on("close", resolve));
  try {
    await new Promise<void>((resolve) => {
      first.stdout.on("data", (chunk) => String(chunk).includes('"event":"epoch"') && resolve());
    });
    for (const more of [[], ["--overwrite"]]) {
      const { code, stderr } = runDlctl([...args, ...more], { cwd: folder });
      expect(stderr).toMatch(new RegExp(`Another process works on \\S*model: process ${first.pid} on `));
      expect(code).toBe(2);
    }
    expect(runDlctl(["train", "--resume", "model"], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`process ${first.pid} on `),
    });
    first.kill("SIGINT");
    expect(await ended).toBe(130);
  } finally {
    first.kill("SIGKILL");
  }
});
