import { z } from "zod";
import type { KeyValue } from "./config-params";
import { MlflowClient, MlflowError, type MlflowServer } from "./mlflow-client";

/** A run on the server, to go on with. */
export interface RunIdentity {
  readonly experimentId: string;
  readonly runId: string;
  /** Where its files go, if the server takes them: `mlflow-artifacts:/...`. */
  readonly artifactUri: string;
}

export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

export type RunStatus = "RUNNING" | "FINISHED" | "FAILED" | "KILLED";

const experimentAnswer = z.object({ experiment: z.object({ experiment_id: z.string() }) });
const createdAnswer = z.object({ experiment_id: z.string() });
const runAnswer = z.object({
  run: z.object({ info: z.object({ run_id: z.string(), artifact_uri: z.string().default("") }) }),
});

// The most that one request may hold.
const [mostMetrics, mostParams, mostTags] = [1000, 100, 100];

/** A new run in the experiment of that name, which is made where it is not there. */
export async function createRun(
  server: MlflowServer,
  { experiment, name, milliseconds }: { experiment: string; name: string; milliseconds: number },
): Promise<RunIdentity> {
  const client = new MlflowClient(server);
  const experimentId = await findExperiment(client, experiment, milliseconds);
  const request = { experiment_id: experimentId, run_name: name, start_time: Date.now() };
  const { info } = runAnswer.parse(await client.post("mlflow/runs/create", request, milliseconds)).run;
  return { experimentId, runId: info.run_id, artifactUri: info.artifact_uri };
}

async function findExperiment(client: MlflowClient, name: string, milliseconds: number): Promise<string> {
  const find = async () => {
    const query = { experiment_name: name };
    const answer = await client.get("mlflow/experiments/get-by-name", query, milliseconds);
    return experimentAnswer.parse(answer).experiment.experiment_id;
  };
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof MlflowError) || error.code !== "RESOURCE_DOES_NOT_EXIST") throw error;
  }
  try {
    return createdAnswer.parse(await client.post("mlflow/experiments/create", { name }, milliseconds)).experiment_id;
  } catch (error) {
    // Another run was faster.
    if (error instanceof MlflowError && error.code === "RESOURCE_ALREADY_EXISTS") return find();
    throw error;
  }
}

/** Adds metrics, params and tags, in as many requests as MLflow's limits want. */
export async function logBatch(
  server: MlflowServer,
  { runId }: RunIdentity,
  batch: { metrics: readonly Metric[]; params: readonly KeyValue[]; tags: readonly KeyValue[] },
  milliseconds: number,
): Promise<void> {
  const client = new MlflowClient(server);
  const requests = [
    ...chunks(batch.params, mostParams).map((params) => ({ params })),
    ...chunks(batch.tags, mostTags).map((tags) => ({ tags })),
    ...chunks(batch.metrics, mostMetrics).map((metrics) => ({ metrics })),
  ];
  for (const request of requests)
    await client.post("mlflow/runs/log-batch", { run_id: runId, ...request }, milliseconds);
}

export async function setStatus(
  server: MlflowServer,
  { runId }: RunIdentity,
  status: RunStatus,
  milliseconds: number,
): Promise<void> {
  const end = status === "RUNNING" ? {} : { end_time: Date.now() };
  await new MlflowClient(server).post("mlflow/runs/update", { run_id: runId, status, ...end }, milliseconds);
}

/** Puts a file beside the run, where the server takes files itself; elsewhere it is left out. */
export async function logFile(
  server: MlflowServer,
  { artifactUri }: RunIdentity,
  file: { readonly name: string; readonly content: Uint8Array<ArrayBuffer> },
  milliseconds: number,
): Promise<void> {
  const [, path] = /^mlflow-artifacts:\/+(.*)$/.exec(artifactUri) ?? [];
  if (path === undefined) return;
  const route = `mlflow-artifacts/artifacts/${path.split("/").map(encodeURIComponent).join("/")}/${file.name}`;
  await new MlflowClient(server).put(route, file.content, milliseconds);
}

function chunks<Value>(list: readonly Value[], size: number): Value[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
