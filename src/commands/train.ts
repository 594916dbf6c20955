import { join } from "node:path";
import type { Config } from "../config/config-schema";
import { loadConfig } from "../config/load-config";
import type { EngineRequest } from "../engine/create-engine";

import type { DeviceRequest } from "../runtime/start-runtime";
import { UsageError } from "../shared/errors";
import type { TrainingEvent } from "../train/events";
import { extendRun } from "../train/extend-run";
import { openRun, resumeTraining } from "../train/resume-training";
import { train } from "../train/train";
import type { CommandContext } from "./context";
import { openMlflow } from "./open-mlflow";
import type { ReportCosts } from "./report-training";
import { startDevice } from "./start-device";
import { startOptionsOf } from "./start-options-of";
import type { TrainingListener } from "./training-listener";
import { TrainingView } from "./training-view";
import { withDashboard } from "./with-dashboard";

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
  /** Model folder whose finished run is made longer; with `epochs`. */
  readonly extend?: string;
  /** How many it is to have in all. */
  readonly epochs?: number;
  /** Port of the live page; true for any that is free. */
  readonly dashboard?: number | true;
  /** False: no `run/report.html` at the end. */
  readonly report?: boolean;
}

/** `dlctl train`: from a config to a model folder, or on from where a run stopped. */
export async function trainCommand(
  context: CommandContext,
  configPath: string | undefined,
  overrides: readonly string[],
  options: TrainOptions,
): Promise<void> {
  const engine = requireEngine(options.engine);
  if (options.resume !== undefined || options.extend !== undefined) {
    requireAlone(configPath, overrides, options);
    const model = (options.resume ?? options.extend) as string;
    await withDashboard(context, options.dashboard, model, (listeners) => goOn(context, options, listeners));
    return;
  }
  if (options.epochs !== undefined) {
    throw new UsageError("--epochs is for --extend", { hint: `For a new run: train.epochs=${options.epochs}` });
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
  await withDashboard(context, options.dashboard, model, async (listeners) => {
    const runtime = await startDevice(context, config.train.device, startOptionsOf(config));
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
    await withMlflow(context, config, model, listeners, (all) =>
      show(context, model, train(request, context.signal), options, all),
    );
  });
}

async function goOn(
  context: CommandContext,
  options: TrainOptions,
  listeners: readonly TrainingListener[],
): Promise<void> {
  const { resume, extend, epochs, device } = options;
  const model = (resume ?? extend) as string;
  if (resume === undefined && epochs === undefined) {
    throw new UsageError("--extend needs --epochs", {
      hint: `Say how many epochs the run is to have in all: dlctl train --extend ${model} --epochs 20`,
    });
  }
  const run = resume === undefined ? await extendRun(model, epochs as number) : await openRun(model);
  try {
    // As many threads as before, on whatever machine: else the last bits of sums would be others.
    const limits = { threads: run.plan.threads, ...startOptionsOf(run.config) };
    const runtime = await startDevice(context, device ?? run.config.train.device, limits);
    await withMlflow(context, run.config, model, listeners, (all) =>
      show(context, model, resumeTraining(run, runtime, context.signal), options, all),
    );
  } finally {
    await run.folder.lock.release();
  }
}

/** Adds MLflow to those who listen, where the config asks for it. */
async function withMlflow(
  context: CommandContext,
  config: Config,
  model: string,
  listeners: readonly TrainingListener[],
  body: (listeners: readonly TrainingListener[]) => Promise<void>,
): Promise<void> {
  const mlflow = await openMlflow(context, config, model);
  if (!mlflow) return body(listeners);
  let failure: unknown;
  try {
    await body([...listeners, mlflow]);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await mlflow.close(failure);
  }
}

async function show(
  context: CommandContext,
  model: string,
  events: AsyncIterable<TrainingEvent>,
  { report = true }: Pick<TrainOptions, "report">,
  listeners: readonly TrainingListener[],
): Promise<void> {
  const view = new TrainingView(context, model);
  const startedAt = performance.now();
  let costs: ReportCosts | undefined;
  try {
    for await (const event of events) {
      if (event.type === "start") costs = reportCosts(event, (performance.now() - startedAt) / 1000);
      for (const listener of listeners) listener.handle(event);
      await view.show(event);
    }
  } finally {
    view.close();
  }
  if (!report || !costs) return;
  const { reportTraining } = await import("./report-training.js");
  await reportTraining(context, model, costs);
}

function reportCosts(event: Extract<TrainingEvent, { type: "start" }>, openSeconds: number): ReportCosts {
  return { openSeconds, validationExamples: event.examples.validation, parameters: event.parameters };
}

/** Options win over the config; the run remembers the outcome. */
function withOptions(
  config: Config,
  { seed, device, engine }: Pick<TrainOptions, "seed" | "device"> & { engine: EngineRequest | undefined },
): Config {
  const train = { ...config.train, device: device ?? config.train.device, engine: engine ?? config.train.engine };
  return { ...config, seed: seed ?? config.seed, train };
}

function requireEngine(engine: string | undefined): EngineRequest | undefined {
  if (engine === undefined || engine === "auto" || engine === "graph" || engine === "eager") return engine;
  throw new UsageError(`There is no engine "${engine}"`, { hint: "Use --engine auto, graph or eager." });
}

function requireAlone(configPath: string | undefined, overrides: readonly string[], options: TrainOptions): void {
  const { out, seed, initFrom, overwrite, engine, resume, extend, epochs } = options;
  const [name, model] = resume === undefined ? ["--extend", extend] : ["--resume", resume];
  const given = Object.entries({
    ...(resume === undefined ? {} : { "--extend": extend, "--epochs": epochs }),
    "--out": out,
    "--seed": seed,
    "--init-from": initFrom,
    "--overwrite": overwrite,
    "--engine": engine,
  });
  const extra = [
    ...(configPath === undefined ? [] : [configPath]),
    ...overrides,
    ...given.flatMap(([option, value]) => (value === undefined ? [] : [option])),
  ];
  if (extra.length === 0) return;
  throw new UsageError(
    `${name} goes on with what the run has recorded and can't be combined with ${extra.join(", ")}`,
    {
      hint: `As it is: dlctl train ${name} ${model}${name === "--extend" ? " --epochs <how many in all>" : ""}; or start a new run, with --init-from for its weights.`,
    },
  );
}
