import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../../../src/config/load-config";
import { configParams, mlflowKey } from "../../../src/mlflow/config-params";
import { authorizationOf } from "../../../src/mlflow/mlflow-client";
import { MlflowLog } from "../../../src/mlflow/mlflow-log";
import { InterruptedError } from "../../../src/shared/errors";
import { ringsConfig } from "../../helpers/tiny-training";

interface Asked {
  readonly route: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

/** Answers as MLflow does, as far as it is asked; `fail` makes it refuse. */
class FakeMlflow {
  readonly asked: Asked[] = [];
  fail = false;
  private readonly experiments = new Map<string, string>();
  private readonly server: Server;

  constructor() {
    this.server = createServer(async (request, response) => {
      let text = "";
      for await (const part of request) text += part;
      const url = new URL(request.url ?? "/", "http://x");
      const route = `${request.method} ${url.pathname.replace("/api/2.0/", "")}`;
      const body = text ? JSON.parse(text) : Object.fromEntries(url.searchParams);
      this.asked.push({ route, authorization: request.headers.authorization, body });
      const [status, answer] = this.fail ? [503, {}] : this.answer(route, body);
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
    });
  }

  private answer(route: string, body: Record<string, string>): [number, object] {
    if (route === "GET mlflow/experiments/get-by-name") {
      const id = this.experiments.get(body.experiment_name as string);
      if (id === undefined) return [404, { error_code: "RESOURCE_DOES_NOT_EXIST", message: "No such experiment" }];
      return [200, { experiment: { experiment_id: id } }];
    }
    if (route === "POST mlflow/experiments/create") {
      this.experiments.set(body.name as string, "7");
      return [200, { experiment_id: "7" }];
    }
    if (route === "POST mlflow/runs/create") {
      return [200, { run: { info: { run_id: "r1", artifact_uri: "mlflow-artifacts:/7/r1/artifacts" } } }];
    }
    return [200, {}];
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  bodiesOf(route: string): Record<string, unknown>[] {
    return this.asked.filter((each) => each.route === route).map(({ body }) => body);
  }

  logged(kind: "metrics" | "params" | "tags"): Record<string, unknown>[] {
    return this.bodiesOf("POST mlflow/runs/log-batch").flatMap((body) => (body[kind] ?? []) as never[]);
  }
}

let folder: string;
let mlflow: FakeMlflow;
let uri: string;
let warnings: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-mlflow-"));
  mkdirSync(join(folder, "model", "run", "checkpoints"), { recursive: true });
  mlflow = new FakeMlflow();
  uri = await mlflow.listen();
  warnings = [];
});
afterEach(async () => {
  await mlflow.close();
  rmSync(folder, { recursive: true, force: true });
});

const makeLog = () =>
  new MlflowLog({
    server: { uri, authorization: "Bearer secret" },
    experiment: "rings",
    config: parseConfig(ringsConfig, "rings.json", []),
    model: join(folder, "model"),
    warn: (message) => warnings.push(message),
  });

const start = (resumedFrom: { epoch: number; step: number } | null = null) =>
  ({
    type: "start",
    device: "js",
    engine: "eager",
    precision: "float32",
    resumedFrom,
    epochs: 3,
    stepsPerEpoch: 7,
    examples: { train: 54, validation: 6, test: 0 },
    outputs: ["inner", "outer"],
    task: "classification",
    inputs: "vector",
    parameters: 50,
  }) as const;

const epoch = (number: number) =>
  ({
    type: "epoch",
    epoch: number,
    step: 7 * number,
    metrics: { loss: 1 / number, auc: Number.NaN },
    learningRate: 0.01,
    seconds: 1,
    examplesPerSecond: 54,
    isBest: true,
  }) as const;

const done = {
  type: "done",
  model: "",
  epochs: 2,
  epoch: 2,
  metrics: { loss: 0.5 },
  seconds: 2,
  isStoppedEarly: false,
} as const;

const lossesLogged = () =>
  mlflow.logged("metrics").flatMap(({ key, step, value }) => (key === "loss" ? [[step, value]] : []));

test("a whole run: experiment, run, params, metrics, tags, the model's description, its end", async () => {
  const description = { versions: { dlctl: "1.2.3", libtensorflow: null }, files: { "weights.bin": "ab" } };
  writeFileSync(join(folder, "model", "dlctl.json"), JSON.stringify(description));
  const log = makeLog();
  for (const event of [start(), epoch(1), epoch(2), done]) log.handle(event);
  await log.close(undefined);
  expect(warnings).toEqual([]);
  expect(mlflow.bodiesOf("POST mlflow/experiments/create")).toEqual([{ name: "rings" }]);
  expect(mlflow.bodiesOf("POST mlflow/runs/create")).toMatchObject([{ experiment_id: "7", run_name: "rings" }]);
  const params = Object.fromEntries(mlflow.logged("params").map(({ key, value }) => [key, value]));
  expect(params).toMatchObject({ seed: "3", "train.batchSize": "8", "model.layers.0.units": "8" });
  expect(lossesLogged()).toEqual([
    [1, 1],
    [2, 0.5],
  ]);
  expect(mlflow.logged("metrics").map(({ key }) => key)).not.toContain("auc");
  const tags = Object.fromEntries(mlflow.logged("tags").map(({ key, value }) => [key, value]));
  expect(tags).toMatchObject({
    "dlctl.device": "js",
    "dlctl.epoch": "2",
    "dlctl.version.dlctl": "1.2.3",
    "dlctl.sha256.weights.bin": "ab",
  });
  expect(mlflow.bodiesOf("PUT mlflow-artifacts/artifacts/7/r1/artifacts/dlctl.json")).toEqual([description]);
  expect(mlflow.bodiesOf("POST mlflow/runs/update").at(-1)).toMatchObject({ run_id: "r1", status: "FINISHED" });
  expect(mlflow.asked.every(({ authorization }) => authorization === "Bearer secret")).toBe(true);
  // No secret is left in the run.
  expect(readFileSync(join(folder, "model", "run", "mlflow.json"), "utf8")).not.toContain("secret");
});

test("a run that is interrupted and resumed is one run, with its params once", async () => {
  const first = makeLog();
  for (const event of [start(), epoch(1)]) first.handle(event);
  await first.close(new InterruptedError("stopped"));
  expect(mlflow.bodiesOf("POST mlflow/runs/update").at(-1)).toMatchObject({ status: "KILLED" });
  const params = mlflow.logged("params").length;
  const second = makeLog();
  for (const event of [start({ epoch: 1, step: 7 }), epoch(2), done]) second.handle(event);
  await second.close(undefined);
  expect(mlflow.bodiesOf("POST mlflow/runs/create")).toHaveLength(1);
  expect(mlflow.logged("params")).toHaveLength(params);
  expect(lossesLogged().map(([step]) => step)).toEqual([1, 2]);
});

test("a server that refuses for a while: one warning, and all of it arrives later", async () => {
  mlflow.fail = true;
  const log = makeLog();
  log.handle(start());
  log.handle(epoch(1));
  while (warnings.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  mlflow.fail = false;
  log.handle(epoch(2));
  await log.close(new Error("diverged"));
  expect(warnings).toEqual([expect.stringContaining(`MLflow at ${uri} does not take what is logged (503`)]);
  expect(lossesLogged().map(([step]) => step)).toEqual([1, 2]);
  expect(mlflow.bodiesOf("POST mlflow/runs/update").at(-1)).toMatchObject({ status: "FAILED" });
});

test("a server that is not there: one warning, and nothing is thrown", async () => {
  await mlflow.close();
  const log = makeLog();
  for (const event of [start(), epoch(1), epoch(2), done]) log.handle(event);
  await log.close(undefined);
  expect(warnings).toEqual([expect.stringContaining("ECONNREFUSED")]);
});

test("keys and values within MLflow's limits", () => {
  expect(configParams({ a: [{ b: 1 }, { "c[d]": "x" }], e: [1, 2], f: {}, g: null, h: "y".repeat(600) })).toEqual([
    { key: "a.0.b", value: "1" },
    { key: "a.1.c_d_", value: "x" },
    { key: "e", value: "[1,2]" },
    { key: "f", value: "{}" },
    { key: "g", value: "null" },
    { key: "h", value: "y".repeat(500) },
  ]);
  expect(mlflowKey("k".repeat(300))).toHaveLength(250);
});

test("credentials as MLflow's own clients take them", () => {
  expect(authorizationOf({})).toBeUndefined();
  expect(authorizationOf({ MLFLOW_TRACKING_TOKEN: "t" })).toBe("Bearer t");
  const both = { MLFLOW_TRACKING_TOKEN: "t", MLFLOW_TRACKING_USERNAME: "ü", MLFLOW_TRACKING_PASSWORD: "p:q" };
  expect(authorizationOf(both)).toBe(`Basic ${Buffer.from("ü:p:q").toString("base64")}`);
});
