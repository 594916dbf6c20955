import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const preload = join(root, "test", "helpers", "failing-writes.js");

/**
 * Runs `dlctl <args>` in `cwd`. `kill` says when it is killed (SIGKILL): `{ afterMilliseconds }`, or `{ folder, nth }`: in the midst of the
 * nth write into that folder. Resolves, when it has ended, with its exit code, the signal that ended it, what it said, and how long it took.
 */
export function runDlctl(args, { cwd, kill = {} }) {
  const { afterMilliseconds, ...write } = kill;
  const env = { ...process.env, NO_COLOR: "1" };
  const options = [];
  if (write.nth !== undefined) {
    options.push("--require", preload);
    env.DLCTL_FAILING_WRITES = JSON.stringify({ ...write, code: "SIGKILL" });
  }
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...options, join(root, "bin", "dlctl"), ...args], { cwd, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text) => {
      output += text;
    });
  }
  const timer =
    afterMilliseconds === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), afterMilliseconds);
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, output, milliseconds: performance.now() - startedAt });
    });
  });
}
