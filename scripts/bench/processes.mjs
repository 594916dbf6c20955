// Each tool runs in a process of its own, and is alone while it does.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Most bytes that a process has had in memory so far; 0 where it is gone, or not on Linux. */
function peakMemory(pid) {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

const running = new Set();

/** Ends what runs now. */
export function stopPrograms() {
  for (const child of running) child.kill();
}

/**
 * Runs a program to its end: `{ lines, seconds, peakMemory }`, the lines of its standard output. What it says on standard
 * error is shown when it fails, as an Error.
 */
export function runProgram(command, args, { cwd = root, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    const output = { stdout: "", stderr: "" };
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, peakMemory(child.pid));
    }, 100);
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8").on("data", (text) => {
        output[name] += text;
      });
    }
    child.on("error", reject);
    child.on("close", (status) => {
      clearInterval(watch);
      running.delete(child);
      const seconds = (performance.now() - startedAt) / 1000;
      if (status !== 0) {
        const end = output.stderr.trim().split("\n").slice(-15).join("\n");
        reject(new Error(`${command} ${args.slice(0, 2).join(" ")} ended with ${status}:\n${end}`));
        return;
      }
      resolve({ lines: output.stdout.trim().split("\n"), seconds, peakMemory: peak });
    });
  });
}

export const runDlctl = (args) => runProgram(process.execPath, [join(root, "bin", "dlctl"), ...args]);

/** A script of this folder with a spec; returns what it printed last. */
export async function runPython(python, script, spec) {
  // libtensorflow's chatter at the start is no error.
  const env = { PYTHONDONTWRITEBYTECODE: "1", TF_CPP_MIN_LOG_LEVEL: "2" };
  const path = join(root, "scripts", "bench", script);
  const { lines, seconds } = await runProgram(python, [path, JSON.stringify(spec)], { env });
  return { ...JSON.parse(lines.at(-1)), seconds };
}
