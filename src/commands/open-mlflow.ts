import { resolve } from "node:path";
import type { Config } from "../config/config-schema";
import type { MlflowLog } from "../mlflow/mlflow-log";
import { ConfigError } from "../shared/errors";
import type { CommandContext } from "./context";

/** MLflow's listener for a run in `model`, where its config asks for one. Throws ConfigError when it is not said where MLflow is. */
export async function openMlflow(
  context: CommandContext,
  config: Config,
  model: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<MlflowLog | undefined> {
  const { mlflow } = config.train;
  if (!mlflow) return undefined;
  const uri = mlflow.uri ?? env.MLFLOW_TRACKING_URI;
  if (!uri || !/^https?:\/\//.test(uri)) {
    throw new ConfigError(
      [
        {
          path: "train.mlflow.uri",
          message: uri ? `"${uri}" is no http(s) address` : "it is not said where MLflow is",
        },
      ],
      { hint: 'Give its address, "uri": "http://127.0.0.1:5000", or set MLFLOW_TRACKING_URI.' },
    );
  }
  const [{ MlflowLog }, { authorizationOf }] = [
    await import("../mlflow/mlflow-log.js"),
    await import("../mlflow/mlflow-client.js"),
  ];
  return new MlflowLog({
    server: { uri, authorization: authorizationOf(env) },
    experiment: mlflow.experiment,
    config,
    model: resolve(model),
    warn: (message) => context.warn(message),
  });
}
