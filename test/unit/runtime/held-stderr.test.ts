import { spawnSync } from "node:child_process";
import { findInstalledRuntime } from "../../../src/runtime/installed-runtime";
import { hasNativeRuntime } from "../../helpers/runtime";

// In child processes: this one's standard error belongs to jest.
function run(script: string) {
  const { heldStderrPath, addonPath } = findInstalledRuntime("cpu") ?? {};
  const prelude = `const held = require(${JSON.stringify(heldStderrPath)}); const addon = ${JSON.stringify(addonPath)};`;
  const { status, signal, stderr, stdout } = spawnSync(process.execPath, ["-e", prelude + script], {
    encoding: "utf8",
  });
  return { status, signal, stderr, stdout };
}

(hasNativeRuntime ? describe : describe.skip)("holding back standard error (libtensorflow)", () => {
  test("libtensorflow does print while it loads", () => {
    expect(run("require(addon)").stderr).toContain("oneDNN");
  });

  test("what is written meanwhile is held, and given back on release", () => {
    const { stderr, stdout } = run(`held.hold(); require("fs").writeSync(2, "inside"); const text = held.release();
      require("fs").writeSync(2, "after"); process.stdout.write(text);`);
    expect(stderr).toBe("after");
    expect(stdout).toBe("inside");
  });

  test("an abort meanwhile is not silent", () => {
    const { stderr, signal } = run(`held.hold(); require("fs").writeSync(2, "the last words"); process.abort();`);
    expect(signal).toBe("SIGABRT");
    expect(stderr).toContain("the last words");
  });
});
