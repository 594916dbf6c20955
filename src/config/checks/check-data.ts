import { checkPreprocess } from "../../data/preprocess/check-preprocess";
import { statedLabels } from "../../data/source-config";
import type { ConfigProblem } from "../../shared/errors";
import { didYouMean } from "../../shared/nearest-names";
import type { Config } from "../config-schema";
import type { ConfigFacts, Task } from "./config-facts";

/** What data gives that has something for each task to predict. */
const needs: Readonly<Record<Task, string>> = {
  classification: 'a "label" column, or a source of images',
  regression: 'a csv source with "target" columns',
  forecasting: 'a csv source with "target" columns and a "window"',
  tokens: 'a csv source with "tokens" and "tags" columns',
  languageModel: 'the source "text"',
};

/** Whether the source gives what the task predicts. */
export function checkTask({ data, task }: Config, { found }: ConfigFacts): ConfigProblem[] {
  if (task === undefined || task === found) return [];
  return [
    {
      path: "task",
      message: `the task is ${task}, but ${describeGiven(data, found)}`,
      hint: `Leave "task" out, or give data for it: ${needs[task]}.`,
    },
  ];
}

function describeGiven({ source }: Config["data"], found: Task): string {
  if (source !== "csv") return `the source ${source} is for ${found}`;
  const roles: Partial<Record<Task, string>> = {
    classification: "data.columns names a label",
    regression: "data.columns names a target of numbers",
    forecasting: "data.window says that what follows a window is predicted",
    tokens: "data.columns names a tag for each word",
  };
  return roles[found] ?? found;
}

export function checkLabels({ data }: Config, { targets }: ConfigFacts): ConfigProblem[] {
  const labels = statedLabels(data);
  if (labels === undefined) return [];
  const path = data.source === "idx" ? "data.labelNames" : "data.labels";
  if (targets === "values") return [{ path, message: "numbers have no labels", hint: 'Leave "labels" out.' }];
  if (labels.length > 1) return [];
  return [{ path, message: "there is nothing to tell apart with one class; expected at least 2 labels" }];
}

export function checkSplit({ data, train }: Config, { targets, found }: ConfigFacts): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const { split } = data;
  if (train.validationSplit !== undefined && split?.validation !== undefined) {
    problems.push({
      path: "train.validationSplit",
      message: "data.split.validation says the same, and both are given",
      hint: "Keep one of them.",
    });
  }
  const validation = split?.validation ?? train.validationSplit ?? 0;
  if (split?.validation === undefined && validation + (split?.test ?? 0) >= 1) {
    problems.push({
      path: "train.validationSplit",
      message: `${validation} for validation and ${split?.test} for the test leave nothing to train on`,
    });
  }
  if (split?.method === "stratified" && found !== "classification") {
    problems.push({
      path: "data.split.method",
      message: `stratified keeps the classes' shares, and ${targets === "values" ? "numbers have no classes" : "here each step has a class of its own"}`,
      hint: 'Leave "method" out, or take "random".',
    });
  }
  if (split?.by !== undefined && data.source !== "csv") {
    problems.push({
      path: "data.split.by",
      message: `it names a column, and the source ${data.source} has none`,
      hint: "Only csv sources can be split by a group.",
    });
  }
  return problems;
}

export function checkPreprocessing({ data }: Config, { inputKind, found }: ConfigFacts): ConfigProblem[] {
  return [...checkPreprocess(data.preprocess, inputKind, { isTokenized: found === "tokens" })];
}

export function checkAugmentation({ data }: Config, { inputKind }: ConfigFacts): ConfigProblem[] {
  const isGray = data.preprocess.some(({ op }) => op === "grayscale");
  return data.augment.flatMap(({ op }, index): ConfigProblem[] => {
    const path = `data.augment[${index}]`;
    if (inputKind !== "image" && op !== "mixup") {
      return [{ path, message: `${op} changes images, and the inputs are none`, hint: "Leave it out." }];
    }
    if (op === "mixup" && (inputKind === "text" || inputKind === "corpus")) {
      return [{ path, message: "mixup mixes numbers, and tokens are none", hint: "Leave it out." }];
    }
    if (op === "mixup" && data.preprocess.some(({ op }) => op === "pad")) {
      return [{ path, message: "mixup would mix padding into series", hint: "Leave it out." }];
    }
    if (op === "saturation" && isGray) {
      return [{ path, message: "saturation has no effect on grayscale images", hint: "Leave it out." }];
    }
    return [];
  });
}

/** Weights by label, where the labels are stated; else the data tells. */
export function checkClassWeights({ data, train }: Config, { targets }: ConfigFacts): ConfigProblem[] {
  const { classWeights } = train;
  if (classWeights === undefined) return [];
  if (targets === "values") {
    return [{ path: "train.classWeights", message: "numbers have no classes to weigh", hint: "Leave it out." }];
  }
  const labels = statedLabels(data);
  return labels === undefined ? [] : unknownLabels(classWeights, labels);
}

/** A problem for each label in `classWeights` that is none of `labels`. */
export function unknownLabels(
  classWeights: NonNullable<Config["train"]["classWeights"]>,
  labels: readonly string[],
): ConfigProblem[] {
  if (classWeights === "balanced") return [];
  return Object.keys(classWeights)
    .filter((label) => !labels.includes(label))
    .map((label) => ({
      path: "train.classWeights",
      message: `there is no class ${JSON.stringify(label)}; ${didYouMean(label, labels) || `the classes are ${labels.slice(0, 20).join(", ")}`}`,
    }));
}
