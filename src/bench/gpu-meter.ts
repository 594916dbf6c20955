import { type ChildProcess, spawn } from "node:child_process";

/** How a GPU was used for a while, as its driver tells. */
export interface GpuUse {
  /** Mean share of the time in which the GPU computed something, from 0 to 1. */
  readonly utilization: number;
  /** Most memory in use on it, by all programs. */
  readonly memoryBytes: number;
  readonly samples: number;
}

const everyMilliseconds = 200;

/** Asks `nvidia-smi`, which comes with the driver, again and again; without it there are no figures. */
export class GpuMeter {
  private readonly child: ChildProcess;
  private rest = "";
  private samples: { readonly utilization: number; readonly megabytes: number }[] = [];

  /** `uuid` names the GPU as its driver does; empty for all that there are. */
  constructor(uuid: string) {
    const query = ["--query-gpu=utilization.gpu,memory.used", "--format=csv,noheader,nounits"];
    const chosen = uuid === "" ? [] : ["-i", uuid];
    const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
    const args = [...query, ...chosen, "-lms", String(everyMilliseconds)];
    const child = spawn("nvidia-smi", args, { stdio, env: process.env });
    // It is not there: nothing is known then.
    child.on("error", () => undefined);
    child.stdout.setEncoding("utf8").on("data", (text: string) => this.read(text));
    this.child = child;
  }

  /** Forgets what was read before. */
  restart(): void {
    this.samples = [];
  }

  /** Ends the asking. */
  stop(): void {
    this.child.kill();
  }

  /** Since the start, or the last restart; undefined where nothing was told. */
  get use(): GpuUse | undefined {
    const { samples } = this;
    if (samples.length === 0) return undefined;
    const total = samples.reduce((sum, { utilization }) => sum + utilization, 0);
    return {
      utilization: total / samples.length / 100,
      memoryBytes: Math.max(...samples.map(({ megabytes }) => megabytes)) * 2 ** 20,
      samples: samples.length,
    };
  }

  private read(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      // "[N/A]" where a GPU does not tell.
      const [utilization = Number.NaN, megabytes = Number.NaN] = line.split(",").map(Number);
      if (Number.isFinite(utilization) && Number.isFinite(megabytes)) this.samples.push({ utilization, megabytes });
    }
  }
}
