import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Runs `dlctl` to its end. Returns its output and the most memory that it held, in bytes. Throws when it fails. */
export function runDlctl(root, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "bin", "dlctl"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    let peak = 0;
    // The kernel keeps the highest value, so that what matters is to ask once shortly before the end.
    const watch = setInterval(() => {
      peak = Math.max(peak, peakMemory(child.pid));
    }, 20);
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8").on("data", (text) => {
        output[name] += text;
      });
    }
    child.on("error", reject).on("close", (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ stdout: output.stdout, peak });
      else reject(new Error(`dlctl ${args.join(" ")} ended with ${code}:\n${output.stderr}`));
    });
  });
}

function peakMemory(pid) {
  try {
    const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Trains the config anew. Seconds of each epoch but the first, in which everything is allocated; and the peak of memory. */
export async function measureTraining(root, config, model) {
  const { peak } = await runDlctl(root, ["train", config, "--out", model, "--overwrite", "--quiet", "--device", "cpu"]);
  const history = readFileSync(join(model, "run", "history.jsonl"), "utf8");
  const epochs = history
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).seconds);
  return { seconds: epochs.slice(1), bytes: peak };
}
