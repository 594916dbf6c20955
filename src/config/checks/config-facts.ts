import type { InputKind, Task } from "../../data/example-set";
import type { Config } from "../config-schema";

export type { Task };

/** What a config alone, without its data, says of a run. */
export interface ConfigFacts {
  /** What the source gives to predict. */
  readonly found: Task;
  /** As stated, else `found`. */
  readonly task: Task;
  /** What the source gives to predict: classes, of examples or of steps, or numbers. */
  readonly targets: "class" | "values";
  /** What preprocessing starts from: rows and characters are windows and a corpus. */
  readonly inputKind: InputKind;
  /** Undefined where only the data can tell: an image folder may have a folder of validation images. */
  readonly hasValidation: boolean | undefined;
}

export function configFacts({ task, data, train }: Config): ConfigFacts {
  const found = taskOf(data);
  const isSplit = train.validationSplit !== undefined || (data.split?.validation ?? 0) > 0;
  return {
    found,
    task: task ?? found,
    targets: found === "regression" || found === "forecasting" ? "values" : "class",
    inputKind: inputKindOf(data),
    hasValidation: isSplit ? true : hasOwnValidation(data),
  };
}

function taskOf(data: Config["data"]): Task {
  if (data.source === "text") return "languageModel";
  if (data.source !== "csv") return "classification";
  if (data.columns.tags !== undefined) return "tokens";
  if (data.columns.target === undefined) return "classification";
  return data.window ? "forecasting" : "regression";
}

function inputKindOf(data: Config["data"]): InputKind {
  if (data.source === "text") return "corpus";
  if (data.source !== "csv") return "image";
  const { features, text, tokens, sequence, layout } = data.columns;
  if (text !== undefined || tokens !== undefined) return "text";
  if (features === undefined) return "image";
  if (data.window) return "window";
  return sequence !== undefined || layout === "steps" ? "series" : "vector";
}

function hasOwnValidation(data: Config["data"]): boolean | undefined {
  if (data.source === "csv" || data.source === "text") return data.validation !== undefined;
  return data.source === "image-folder" ? undefined : false;
}
