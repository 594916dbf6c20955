import { spawn } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder, runDlctl } from "../helpers/run-dlctl";
import { makeTinyImages } from "../helpers/tiny-images";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-vanished-"));
  await makeTinyImages(join(folder, "pictures"));
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = {
  name: "vanishing",
  data: { source: "image-folder", path: "pictures", cache: "none", preprocess: [{ op: "normalize", scale: 255 }] },
  model: { layers: [{ type: "flatten" }, { type: "dense", units: "classes", activation: "softmax" }] },
  train: { epochs: 100_000, batchSize: 4 },
};

test("a file that vanishes while a run goes on: exit 4, its name, and the run goes on once it is back", async () => {
  const args = ["train", "config.json", "--out", "model", "--device", "js", "--json"];
  const child = spawn(process.execPath, [join(projectFolder, "bin", "dlctl"), ...args], { cwd: folder });
  const picture = join(folder, "pictures", "red", "000.png");
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  let isMoved = false;
  child.stdout.on("data", (chunk) => {
    if (isMoved || !String(chunk).includes('"event":"epoch"')) return;
    isMoved = true;
    renameSync(picture, `${picture}.away`);
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(stderr).toMatch(/error: .*red.000\.png: there is no such file\n.*dlctl train --resume \S+model/);
  expect(code).toBe(4);
  expect(runDlctl(["train", "--resume", "model"], { cwd: folder })).toMatchObject({
    code: 4,
    stderr: expect.stringMatching(/The data has changed since the run began: it had \d+ examples and has \d+/),
  });
  renameSync(`${picture}.away`, picture);
  const extended = spawn(
    process.execPath,
    [join(projectFolder, "bin", "dlctl"), "train", "--resume", "model", "--json"],
    {
      cwd: folder,
    },
  );
  let output = "";
  extended.stdout.on("data", (chunk) => {
    output += chunk;
    if (output.includes('"event":"epoch"')) extended.kill("SIGINT");
  });
  expect(await new Promise((resolve) => extended.on("close", resolve))).toBe(130);
  expect(JSON.parse(output.split("\n")[0] as string).resumedFrom.step).toBeGreaterThan(0);
});
