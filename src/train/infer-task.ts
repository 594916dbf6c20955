import type { ExampleTargets } from "../data/example-set";
import { ConfigError } from "../shared/errors";

export type Task = "classification" | "regression";

/** What is predicted: what the config states, or what the targets are. Throws ConfigError where these contradict. */
export function inferTask(stated: Task | undefined, { kind }: ExampleTargets): Task {
  const found: Task = kind === "class" ? "classification" : "regression";
  if (stated === undefined || stated === found) return found;
  const targets = kind === "class" ? "class labels" : "numbers";
  throw new ConfigError([{ path: "task", message: `the task is "${stated}", but the data's targets are ${targets}` }], {
    hint: `Take "task" away, or name ${kind === "class" ? '"target"' : '"label"'} columns in data.columns.`,
  });
}
