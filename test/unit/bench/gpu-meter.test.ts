import { chmodSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { GpuMeter } from "../../../src/bench/gpu-meter";
import { useTemporaryFolder } from "../../helpers/temporary-folder";

const folder = useTemporaryFolder();
const before = process.env.PATH;

afterEach(() => {
  process.env.PATH = before;
});

/** A driver's tool that says these lines, with its arguments in a file beside it. */
function tool(lines: readonly string[]): void {
  const said = lines.map((line) => `echo '${line}'`).join("\n");
  const script = `#!/bin/sh\necho "$@" > ${folder.path}/asked\n${said}\nexec sleep 20\n`;
  chmodSync(folder.write("nvidia-smi", script), 0o755);
  process.env.PATH = `${folder.path}:${before}`;
}

async function until(isDone: () => boolean): Promise<void> {
  for (let tries = 0; !isDone() && tries < 100; tries++) await wait(50);
}

test("the mean of what the tool says, and the most memory; what is not told is left out", async () => {
  tool(["50, 1000", "[N/A], 1000", "100, 3000", "90, 2000"]);
  const meter = new GpuMeter("GPU-1");
  await until(() => meter.use?.samples === 3);
  meter.stop();
  expect(readFileSync(`${folder.path}/asked`, "utf8")).toContain("-i GPU-1 -lms 200");
  expect(meter.use).toEqual({ utilization: 0.8, memoryBytes: 3000 * 2 ** 20, samples: 3 });
});

test("what was read before a restart is forgotten", async () => {
  tool(["50, 1000"]);
  const meter = new GpuMeter("");
  await until(() => meter.use !== undefined);
  meter.restart();
  expect(meter.use).toBeUndefined();
  meter.stop();
});

test("without the tool there are no figures, and no failure", async () => {
  process.env.PATH = folder.path;
  const meter = new GpuMeter("");
  await wait(50);
  meter.stop();
  expect(meter.use).toBeUndefined();
});
