import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder, runDlctl } from "../helpers/run-dlctl";
import { ringsConfig, writeRings } from "../helpers/tiny-training";

let folder: string;
let config: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-watched-"));
  writeRings(join(folder, "rings.csv"));
  config = join(folder, "rings.json");
  writeFileSync(config, JSON.stringify(ringsConfig));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a dashboard serves the run on the address that standard error names, and ends with it", async () => {
  const args = ["train", config, "train.epochs=100000", "--device", "js", "--out", join(folder, "live"), "--dashboard"];
  const run = spawn(process.execPath, [join(projectFolder, "bin", "dlctl"), ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(run, "exit");
  try {
    let told = "";
    for await (const text of run.stderr) {
      told += text;
      if (/^epoch .*1\//m.test(told)) break;
    }
    const [, url] = /^dashboard (http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(told) ?? [];
    expect(await (await fetch(url as string)).text()).toContain("page.js");
    const { body } = await fetch(`${url}events`);
    let events = "";
    let isStopped = false;
    for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
      events += Buffer.from(bytes).toString("utf8");
      // Once: a second Ctrl-C ends it at once.
      if (!isStopped && events.includes("\n\n")) isStopped = run.kill("SIGINT");
    }
    expect(JSON.parse(events.slice("data: ".length, events.indexOf("\n\n")))).toMatchObject({ state: "training" });
    expect(events).toContain("Interrupted in epoch");
    expect((await exited)[0]).toBe(130);
  } finally {
    run.kill("SIGKILL");
  }
}, 60_000);

test("a port that is taken is told before training, and leaves nothing behind", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const out = join(folder, "taken");
  const { code, stderr } = runDlctl(["train", config, "--out", out, "--dashboard", String(port)]);
  other.close();
  expect([code, existsSync(out)]).toEqual([7, false]);
  expect(stderr).toContain(`port ${port}: something else listens there already`);
  expect(runDlctl(["train", config, "--dashboard", "70000"]).code).toBe(2);
});

test("MLflow without an address, or with a password in it, is an error of the config", () => {
  const nowhere = runDlctl(["train", config, "train.mlflow={}", "--device", "js", "--out", join(folder, "nowhere")], {
    env: { MLFLOW_TRACKING_URI: undefined },
  });
  expect([nowhere.code, existsSync(join(folder, "nowhere"))]).toEqual([3, false]);
  expect(nowhere.stderr).toContain("train.mlflow.uri: it is not said where MLflow is");
  const secret = runDlctl(["validate", config, 'train.mlflow={"uri":"http://me:word@127.0.0.1:1"}']);
  expect(secret.code).toBe(3);
  expect(secret.stderr).toContain("come from the environment");
});
