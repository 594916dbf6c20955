import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDlctl } from "../helpers/run-dlctl";
import { ringsConfig, writeRings } from "../helpers/tiny-training";

const folder = mkdtempSync(join(tmpdir(), "dlctl-full-disk-"));
const disk = join(folder, "disk");
mkdirSync(disk);
// A disk of its own can be had on Linux as root; elsewhere these tests count as skipped.
const programs = { mount: "mount", unmount: "umount" };
const isMounted = spawnSync(programs.mount, ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]).status === 0;

beforeAll(() => {
  writeRings(join(folder, "rings.csv"));
  const config = {
    ...ringsConfig,
    model: { layers: [{ type: "dense", units: 1000 }, ...ringsConfig.model.layers.slice(3)] },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
});
afterAll(() => {
  if (isMounted) spawnSync(programs.unmount, [disk]);
  rmSync(folder, { recursive: true, force: true });
});

const train = (...args: string[]) => runDlctl(["train", ...args, "--device", "js"], { cwd: folder });

(isMounted ? describe : describe.skip)("dlctl train on a full disk (a mount of its own)", () => {
  test("exit 7; what is whole stays, and the run goes on once there is room, to the same weights", () => {
    const full = train("config.json", "--out", join("disk", "model"));
    expect(full.stderr).toMatch(/Can't write .*disk.*no space left on the disk\n.*dlctl train --resume/);
    expect(full.code).toBe(7);
    expect(readdirSync(join(disk, "model"))).toEqual(["run"]);
    cpSync(join(disk, "model"), join(folder, "model"), { recursive: true });
    expect(train("--resume", "model").code).toBe(0);
    expect(train("config.json", "--out", "whole").code).toBe(0);
    const weights = (model: string) => readFileSync(join(folder, model, "weights.bin"));
    expect(weights("model")).toEqual(weights("whole"));
  });
});
