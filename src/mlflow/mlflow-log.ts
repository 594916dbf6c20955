import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { findRun, modelFiles } from "../checkpoint/model-files";
import { runFiles } from "../checkpoint/run-folder";
import type { Config } from "../config/config-schema";
import { InterruptedError } from "../shared/errors";
import type { TrainingEvent } from "../train/events";
import { configParams, type KeyValue, mlflowKey } from "./config-params";
import type { MlflowServer } from "./mlflow-client";
import { createRun, logBatch, logFile, type Metric, type RunIdentity, type RunStatus, setStatus } from "./mlflow-run";

interface MlflowLogOptions {
  readonly server: MlflowServer;
  readonly experiment: string;
  readonly config: Config;
  /** The model folder, absolute. */
  readonly model: string;
  /** Called once at most. */
  readonly warn: (message: string) => void;
}

/** While training goes on nobody waits for an answer, and steps keep it from being read; at the end everybody does. */
const [patientMilliseconds, lastMilliseconds] = [10_000, 5_000];

/** In the folder of a run: which one of MLflow's it is. */
const identitySchema = z.object({
  uri: z.string(),
  experimentId: z.string(),
  runId: z.string(),
  artifactUri: z.string(),
});

/**
 * Tells MLflow how a run goes: config as params, figures of each epoch as metrics, device and versions as tags, and at the end `dlctl.json`.
 * A run that is resumed goes on in MLflow's too. Never throws and never holds training up: what a server does not take is tried
 * again with the next epoch and at the end, and told in one warning.
 */
export class MlflowLog {
  private identity: RunIdentity | undefined;
  private status: RunStatus | undefined;
  private metrics: Metric[] = [];
  private params: KeyValue[] = [];
  private tags: KeyValue[] = [];
  private hasWarned = false;
  private isDone = false;
  private sending: Promise<boolean> | undefined;

  constructor(private readonly options: MlflowLogOptions) {}

  handle(event: TrainingEvent): void {
    switch (event.type) {
      case "start":
        if (!event.resumedFrom) this.params.push(...configParams(this.options.config));
        this.addTags({
          "dlctl.model": this.options.model,
          "dlctl.task": event.task,
          "dlctl.device": event.device,
          "dlctl.engine": event.engine,
          "dlctl.parameters": String(event.parameters),
          "dlctl.examples.train": String(event.examples.train),
          "dlctl.examples.validation": String(event.examples.validation),
        });
        this.status = "RUNNING";
        this.sendSoon();
        break;
      case "epoch": {
        const { epoch, metrics, learningRate, seconds, examplesPerSecond } = event;
        const figures = { ...metrics, learning_rate: learningRate, epoch_seconds: seconds, examplesPerSecond };
        for (const [name, value] of Object.entries(figures)) {
          // JSON has no NaN, and MLflow's way to write one differs between its versions.
          if (!Number.isFinite(value)) continue;
          this.metrics.push({ key: mlflowKey(name), value, timestamp: Date.now(), step: epoch });
        }
        this.sendSoon();
        break;
      }
      case "done":
        this.isDone = true;
        this.addTags({ "dlctl.epoch": String(event.epoch) });
        break;
      default:
    }
  }

  /** Sends what is left, for some seconds at most. `error`: what ended the run, if it is not done. */
  async close(error: unknown): Promise<void> {
    // It ended before its first step: there is nothing to tell of.
    if (this.status === undefined) return;
    const file = this.isDone ? await this.describeModel() : undefined;
    await this.sending;
    this.status = this.isDone ? "FINISHED" : error instanceof InterruptedError ? "KILLED" : "FAILED";
    const isSent = await this.send(lastMilliseconds);
    if (!isSent || !file || !this.identity) return;
    const { server } = this.options;
    const content = Uint8Array.from(file);
    await logFile(server, this.identity, { name: modelFiles.description, content }, lastMilliseconds).catch((failure) =>
      this.warnOnce(failure),
    );
  }

  private addTags(tags: Readonly<Record<string, string>>): void {
    this.tags.push(...Object.entries(tags).map(([key, value]) => ({ key, value })));
  }

  /** The model folder's own description; its versions and sums become tags. */
  private async describeModel(): Promise<Buffer | undefined> {
    try {
      const content = await readFile(join(this.options.model, modelFiles.description));
      const { versions, files } = describedSchema.parse(JSON.parse(content.toString("utf8")));
      for (const [name, version] of Object.entries(versions)) {
        if (version !== null) this.addTags({ [mlflowKey(`dlctl.version.${name}`)]: version });
      }
      for (const [name, sum] of Object.entries(files)) this.addTags({ [mlflowKey(`dlctl.sha256.${name}`)]: sum });
      return content;
    } catch {
      return undefined;
    }
  }

  private sendSoon(): void {
    this.sending ??= this.send(patientMilliseconds).finally(() => {
      this.sending = undefined;
    });
  }

  /** Everything that waits. What fails waits on. Whether it has arrived. */
  private async send(milliseconds: number): Promise<boolean> {
    const { server } = this.options;
    try {
      this.identity ??= await this.begin(milliseconds);
      const { metrics, params, tags, status } = this;
      [this.metrics, this.params, this.tags] = [[], [], []];
      try {
        await logBatch(server, this.identity, { metrics, params, tags }, milliseconds);
      } catch (error) {
        // To add the same once more changes nothing.
        this.metrics.unshift(...metrics);
        this.params.unshift(...params);
        this.tags.unshift(...tags);
        throw error;
      }
      if (status) await setStatus(server, this.identity, status, milliseconds);
      return true;
    } catch (error) {
      this.warnOnce(error);
      return false;
    }
  }

  private async begin(milliseconds: number): Promise<RunIdentity> {
    const { server, experiment, config, model } = this.options;
    const found = findRun(model);
    const path = join(found.state === "unfinished" ? found.run : join(model, modelFiles.run), runFiles.mlflow);
    const known = await readFile(path, "utf8").then(
      (text) => identitySchema.safeParse(parse(text)).data,
      () => undefined,
    );
    if (known?.uri === server.uri) return known;
    // A run that began without MLflow, or with another server, has its params here too.
    if (this.params.length === 0) this.params.push(...configParams(config));
    const made = await createRun(server, { experiment, name: config.name, milliseconds });
    await writeFile(path, `${JSON.stringify({ uri: server.uri, ...made })}\n`).catch(() => undefined);
    return made;
  }

  private warnOnce(error: unknown): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    const { cause, message } = error as Error & { readonly cause?: { readonly code?: string; message?: string } };
    const reason = cause?.code ?? cause?.message ?? message;
    this.options.warn(
      `MLflow at ${this.options.server.uri} does not take what is logged (${reason}); training goes on, and it is tried again at each epoch's end`,
    );
  }
}

const describedSchema = z.object({
  versions: z.record(z.string(), z.string().nullable()),
  files: z.record(z.string(), z.string()),
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
