import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectFolder } from "../helpers/run-dlctl";

// A short one: `npm run campaign -- --kills 300` is the long one.
test("killed at random moments and resumed, trainings end in the same bytes as ones never killed", () => {
  const campaign = join(projectFolder, "scripts", "kill-campaign.mjs");
  const result = spawnSync(process.execPath, [campaign, "--seconds", "20", "--kills", "30"], { encoding: "utf8" });
  expect(result.stderr).toBe("");
  expect(result.status).toBe(0);
  const { kills, runs, lost } = JSON.parse(result.stdout);
  expect({ lost, isKilled: kills > 3, isDone: runs > 0 }).toEqual({ lost: 0, isKilled: true, isDone: true });
}, 120_000);
