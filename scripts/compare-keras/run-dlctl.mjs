import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./dlctl-modules.mjs";

/** What `dlctl args` prints. Throws with its standard error when it fails. */
export function runDlctl(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "bin", "dlctl"), ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`dlctl ${args.join(" ")} ended with ${status}\n${stderr}`);
  return stdout;
}
