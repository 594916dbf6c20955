import { statSync } from "node:fs";
import type { BenchFigures, BenchOptions } from "../bench/bench";
import { benchConfig } from "../bench/bench-config";
import { benchMadeUp, quickstartConfig } from "../bench/bench-made-up";
import { benchModel } from "../bench/bench-model";
import { findBottlenecks } from "../bench/bottleneck";
import type { Config } from "../config/config-schema";
import { loadConfig } from "../config/load-config";
import type { EngineRequest } from "../engine/create-engine";
import type { DeviceRequest, Runtime } from "../runtime/start-runtime";
import { UsageError } from "../shared/errors";
import type { CommandContext } from "./context";
import { describeBench } from "./describe-bench";
import { startDevice } from "./start-device";
import { startOptionsOf } from "./start-options-of";

export interface BenchCommandOptions {
  readonly device?: DeviceRequest;
  readonly engine?: EngineRequest;
  readonly seconds: number;
}

/** `dlctl bench`: how fast this machine is with a config, a trained model, or the quickstart's model. */
export async function benchCommand(
  context: CommandContext,
  path: string | undefined,
  overrides: readonly string[],
  options: BenchCommandOptions,
): Promise<void> {
  const bar = context.progress("measuring");
  let parts = 0;
  const measuring: BenchOptions = {
    seconds: options.seconds,
    signal: context.signal,
    onPart: (name) => bar.update(++parts, name),
  };
  try {
    const { runtime, figures } = await measure(context, path, overrides, { ...options, measuring });
    bar.finish();
    const bottlenecks = findBottlenecks(figures);
    for (const line of describeBench(figures, bottlenecks)) context.print(line);
    const { device, version } = runtime;
    await context.json({ path: path ?? null, device, version, ...figures, bottlenecks });
  } finally {
    bar.finish();
  }
}

interface MeasureOptions extends BenchCommandOptions {
  readonly measuring: BenchOptions;
}

async function measure(
  context: CommandContext,
  path: string | undefined,
  overrides: readonly string[],
  { device, engine, measuring }: MeasureOptions,
): Promise<{ readonly runtime: Runtime; readonly figures: BenchFigures }> {
  if (path !== undefined && statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    if (overrides.length > 0 || engine !== undefined) {
      throw new UsageError(`${path} is a folder; overrides and --engine are for configs`, { hint: "Leave them out." });
    }
    const runtime = await startDevice(context, device);
    return { runtime, figures: await benchModel(path, measuring) };
  }
  const start = async (config: Config) => {
    const { train } = config;
    const runtime = await startDevice(context, device ?? train.device, startOptionsOf(config));
    return { runtime, chosen: { ...config, train: { ...train, engine: engine ?? train.engine } } };
  };
  if (path === undefined) {
    const { runtime, chosen } = await start(quickstartConfig());
    return { runtime, figures: await benchMadeUp(chosen, { ...measuring, gpu: runtime.gpu }) };
  }
  const loaded = await loadConfig(path, overrides);
  const { runtime, chosen } = await start(loaded.config);
  return { runtime, figures: await benchConfig(chosen, loaded.baseFolder, { ...measuring, gpu: runtime.gpu }) };
}
