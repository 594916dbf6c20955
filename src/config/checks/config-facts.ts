import type { InputKind } from "../../data/example-set";
import type { Config } from "../config-schema";

export type Task = "classification" | "regression";

/** What a config alone, without its data, says of a run. */
export interface ConfigFacts {
  /** As stated, else by what the source gives to predict. */
  readonly task: Task;
  /** What the source gives to predict. */
  readonly targets: "class" | "values";
  readonly inputKind: InputKind;
  /** Undefined where only the data can tell: an image folder may have a folder of validation images. */
  readonly hasValidation: boolean | undefined;
}

export function configFacts({ task, data, train }: Config): ConfigFacts {
  const targets = data.source === "csv" && data.columns.target !== undefined ? "values" : "class";
  const isTable = data.source === "csv" && data.columns.features !== undefined;
  const hasOwn =
    data.source === "csv" ? data.validation !== undefined : data.source === "image-folder" ? undefined : false;
  const isSplit = train.validationSplit !== undefined || (data.split?.validation ?? 0) > 0;
  return {
    task: task ?? (targets === "class" ? "classification" : "regression"),
    targets,
    inputKind: isTable ? "vector" : "image",
    hasValidation: isSplit ? true : hasOwn,
  };
}
