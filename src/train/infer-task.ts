import type { ExampleSet, Task } from "../data/example-set";
import { ConfigError } from "../shared/errors";

const gives: Record<Task, string> = {
  classification: "a class for each example",
  regression: "numbers for each example",
  forecasting: "numbers that follow a window",
  tokens: "a class for each word",
  languageModel: "a text to go on with",
};

/** What is predicted: what the config states, or what the data gives. Throws ConfigError where these contradict. */
export function inferTask(stated: Task | undefined, set: Pick<ExampleSet, "task" | "targets">): Task {
  const found = taskOf(set);
  if (stated === undefined || stated === found) return found;
  throw new ConfigError([{ path: "task", message: `the task is "${stated}", but the data gives ${gives[found]}` }], {
    hint: `Take "task" away, or give the data other columns: for ${stated} it must give ${gives[stated]}.`,
  });
}

/** What the data gives to predict. */
export function taskOf({ task, targets }: Pick<ExampleSet, "task" | "targets">): Task {
  if (task) return task;
  if (targets.kind === "sequence") return "tokens";
  return targets.kind === "class" ? "classification" : "regression";
}
