import { join } from "node:path";
import type { Config } from "../config/config-schema";
import { loadConfig } from "../config/load-config";
import type { EngineRequest } from "../engine/create-engine";
import type { DeviceRequest } from "../runtime/start-runtime";
import { UsageError } from "../shared/errors";
import type { TrainingEvent } from "../train/events";
import { openRun, resumeTraining } from "../train/resume-training";
import { train } from "../train/train";
import type { CommandContext } from "./context";
import { startDevice } from "./start-device";
import { TrainingView } from "./training-view";

export interface TrainOptions {
  /** Model folder to write, relative to the current folder; `models/<name>` by default. */
  readonly out?: string;
  readonly device?: DeviceRequest;
  readonly engine?: string;
  readonly seed?: number;
  readonly initFrom?: string;
  readonly overwrite?: boolean;
  /** Model folder whose run is gone on with. */
  readonly resume?: string;
}

/** `dlctl train`: from a config to a model folder, or on from where a run stopped. */
export async function trainCommand(
  context: CommandContext,
  configPath: string | undefined,
  overrides: readonly string[],
  options: TrainOptions,
): Promise<void> {
  const engine = requireEngine(options.engine);
  if (options.resume !== undefined) {
    requireResumeAlone(configPath, overrides, options);
    await resume(context, options.resume, options.device);
    return;
  }
  if (configPath === undefined) {
    throw new UsageError("dlctl train needs a config file", {
      hint: "Give one: dlctl train config.json; `dlctl init` writes one to begin with.",
    });
  }
  if (options.out === "") {
    throw new UsageError("--out is empty", {
      hint: "Name the folder of the model: --out models/mine, or leave it out.",
    });
  }
  const loaded = await loadConfig(configPath, overrides);
  const config = withOptions(loaded.config, { ...options, engine });
  const model = options.out ?? join("models", config.name);
  const runtime = await startDevice(context, config.train.device, threadsOf(config));
  const request = {
    config,
    given: loaded.given,
    configPath: loaded.path,
    baseFolder: loaded.baseFolder,
    overrides,
    model,
    initFrom: options.initFrom,
    isOverwriting: options.overwrite ?? false,
    runtime,
  };
  await show(context, model, train(request, context.signal));
}

async function resume(context: CommandContext, model: string, device: DeviceRequest | undefined): Promise<void> {
  const run = await openRun(model);
  try {
    const runtime = await startDevice(context, device ?? run.config.train.device, threadsOf(run.config));
    await show(context, model, resumeTraining(run, runtime, context.signal));
  } finally {
    await run.folder.lock.release();
  }
}

async function show(context: CommandContext, model: string, events: AsyncIterable<TrainingEvent>): Promise<void> {
  const view = new TrainingView(context, model);
  try {
    for await (const event of events) await view.show(event);
  } finally {
    view.close();
  }
}

/** Options win over the config; the run remembers the outcome. */
function withOptions(
  config: Config,
  { seed, device, engine }: Pick<TrainOptions, "seed" | "device"> & { engine: EngineRequest | undefined },
): Config {
  const train = { ...config.train, device: device ?? config.train.device, engine: engine ?? config.train.engine };
  return { ...config, seed: seed ?? config.seed, train };
}

function threadsOf({ train }: Config): { readonly threads?: number } {
  return train.threads === undefined ? {} : { threads: train.threads };
}

function requireEngine(engine: string | undefined): EngineRequest | undefined {
  if (engine === undefined || engine === "auto" || engine === "graph" || engine === "eager") return engine;
  throw new UsageError(`There is no engine "${engine}"`, { hint: "Use --engine auto, graph or eager." });
}

function requireResumeAlone(configPath: string | undefined, overrides: readonly string[], options: TrainOptions): void {
  const { out, seed, initFrom, overwrite, engine } = options;
  const given = Object.entries({
    "--out": out,
    "--seed": seed,
    "--init-from": initFrom,
    "--overwrite": overwrite,
    "--engine": engine,
  });
  const extra = [
    ...(configPath === undefined ? [] : [configPath]),
    ...overrides,
    ...given.flatMap(([name, value]) => (value === undefined ? [] : [name])),
  ];
  if (extra.length === 0) return;
  throw new UsageError(
    `--resume goes on with what the run has recorded and can't be combined with ${extra.join(", ")}`,
    {
      hint: `Resume as it is: dlctl train --resume ${options.resume}; or start a new run, with --init-from for its weights.`,
    },
  );
}
