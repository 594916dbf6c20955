import { spawnSync } from "node:child_process";
import { findInstalledRuntime } from "../../../src/runtime/installed-runtime";
import { hasNativeRuntime } from "../../helpers/runtime";

/** Masks are in Linux's /proc; elsewhere there is nothing to look at. */
const canLook = hasNativeRuntime && process.platform === "linux";

(canLook ? describe : describe.skip)("signals kept off the main thread (libtensorflow)", () => {
  test("are blocked there, still handled, and not blocked in child processes", () => {
    const script = `
      const { readFileSync } = require("node:fs");
      const { spawn } = require("node:child_process");
      const blocked = (status) => BigInt("0x" + /SigBlk:\\s*(\\w+)/.exec(status)[1]);
      require(${JSON.stringify(findInstalledRuntime("cpu")?.blockedSignalsPath)}).block();
      const own = blocked(readFileSync("/proc/thread-self/status", "utf8"));
      process.on("SIGINT", () => {
        const child = spawn("cat", ["/proc/self/status"]);
        let text = "";
        child.stdout.on("data", (data) => { text += data; });
        child.on("close", () => {
          console.log(JSON.stringify({ interrupt: Number((own >> 1n) & 1n), child: String(blocked(text)) }));
          clearTimeout(patience);
        });
      });
      const patience = setTimeout(() => {}, 5000);
      process.kill(process.pid, "SIGINT");`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({ interrupt: 1, child: "0" });
  });
});
