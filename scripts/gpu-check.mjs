// `npm run gpu-check -- --prepare <folder>`, on a machine with internet: all that a machine with a GPU and without a network
// needs, in parts of at most 60 MB. `npm run gpu-check -- --run <folder>` there, or without npm and Node.js `sh <folder>/run.sh`: proves in under
// ten minutes what dlctl does on that GPU. With `--device cpu` the same is rehearsed without one, on the addon for GPUs;
// `--quick` trains less, and asks for no accuracy then.
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    prepare: { type: "string" },
    run: { type: "string" },
    unpacked: { type: "string" },
    device: { type: "string", default: "gpu" },
    quick: { type: "boolean", default: false },
  },
});

if (values.prepare) {
  const { prepare } = await import("./gpu-check/prepare.mjs");
  await prepare(resolve(values.prepare));
} else if (values.run) {
  const args = ["--device", values.device, ...(values.quick ? ["--quick"] : [])];
  process.exitCode = spawnSync("sh", [join(values.run, "run.sh"), ...args], { stdio: "inherit" }).status ?? 1;
} else if (values.unpacked) {
  // What run.sh calls, with the folder that it has unpacked to.
  const { runChecks } = await import("./gpu-check/run-checks.mjs");
  const isPassed = await runChecks(resolve(values.unpacked), values);
  process.exitCode = isPassed ? 0 : 1;
} else {
  console.error("Say --prepare <folder> or --run <folder>.");
  process.exitCode = 2;
}
