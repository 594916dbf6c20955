import { formatConfigPath } from "../../config/config-path";
import { differingValues } from "../../shared/differing-values";
import { barChart } from "../charts/bar-chart";
import { dataTable } from "../data-table";
import { formatCount, formatFigure, formatSeconds } from "../format-number";
import { type Html, html } from "../html";
import type { ReportedRun } from "../reported-run";
import { letterOf } from "./curves";
import { figuresOf, type NamedFigure } from "./figures-of";
import { grid, section } from "./section";

/** Several runs beside each other: what they are, what they reach, and in what their configs differ. */
export function runsSection(runs: readonly ReportedRun[]): Html | undefined {
  return section(
    2,
    "The runs",
    dataTable({
      caption: "The runs",
      head: ["", "model", "state", "epochs", "time", "parameters", "seed", "device"],
      rows: runs.map(({ path, state, history, trained, model, config }, index) => [
        letterOf(index),
        path,
        state,
        formatCount(history.length),
        trained ? formatSeconds(trained.seconds) : "",
        model ? formatCount(model.parameters) : "",
        typeof config.seed === "number" ? String(config.seed) : "",
        trained?.device ?? "",
      ]),
    }),
  );
}

/** The figures of all that were evaluated, with intervals; of the others those of training. */
export function figuresSection(runs: readonly ReportedRun[]): Html | undefined {
  const evaluated = runs.filter(({ evaluation }) => evaluation);
  if (evaluated.length === 0) return section(2, "Figures of the saved weights", trainedFigures(runs));
  const figures = runs.map(({ evaluation }) => (evaluation ? figuresOf(evaluation) : []));
  const names = [...new Set(figures.flat().map(({ name }) => name))];
  const measured = evaluated.map(
    ({ evaluation }) => `${formatCount(evaluation?.examples ?? 0)} ${evaluation?.split} examples`,
  );
  const isSame = evaluated.length === runs.length && new Set(measured).size === 1;
  return section(
    2,
    "Figures",
    dataTable({
      caption: "Figures of each run, with intervals where there are",
      head: ["figure", ...runs.map((_, index) => letterOf(index))],
      rows: names.map((name) => [name, ...figures.map((each) => cellOf(each, name))]),
    }),
    html`<p class="note">${isSame ? `On ${measured[0]}.` : `Not measured on the same: ${runs.map(({ evaluation }, index) => `${letterOf(index)} on ${evaluation ? `${formatCount(evaluation.examples)} ${evaluation.split} examples` : "nothing"}`).join(", ")}.`}</p>`,
    grid(classChart(runs)),
  );
}

function cellOf(figures: readonly NamedFigure[], name: string) {
  const figure = figures.find((each) => each.name === name);
  if (!figure) return "";
  const { value, interval } = figure;
  return interval === undefined ? formatFigure(value) : html`${formatFigure(value)} <small>${interval}</small>`;
}

function trainedFigures(runs: readonly ReportedRun[]): Html {
  const names = [...new Set(runs.flatMap(({ trained }) => Object.keys(trained?.metrics ?? {})))];
  return dataTable({
    head: ["figure", ...runs.map((_, index) => letterOf(index))],
    rows: names.map((name) => [name, ...runs.map(({ trained }) => formatFigure(trained?.metrics[name]))]),
  });
}

/** F1 of each class, run beside run, where all tell the same classes. */
function classChart(runs: readonly ReportedRun[]): Html | undefined {
  const details = runs.map(({ evaluation }) =>
    evaluation?.details.kind === "classes" ? evaluation.details : undefined,
  );
  const [first] = details;
  if (!first || details.some((each) => JSON.stringify(each?.labels) !== JSON.stringify(first.labels))) return undefined;
  return barChart({
    title: "F1 of each class, by run",
    description: details.map((each, index) => `${letterOf(index)}: ${describeF1(each)}`).join("; "),
    label: "class",
    categories: first.labels,
    series: details.map((each, index) => ({
      name: letterOf(index),
      colour: index,
      values: (each ?? first).perClass.map(({ f1, support }) => (support > 0 ? f1 : null)),
    })),
    most: 1,
  });
}

const describeF1 = (details: { readonly perClass: readonly { readonly f1: number }[] } | undefined) =>
  details
    ? `mean ${formatFigure(details.perClass.reduce((sum, { f1 }) => sum + f1, 0) / details.perClass.length)}`
    : "";

/** Keys of the config that are not the same in all runs. */
export function differencesSection(runs: readonly ReportedRun[]): Html | undefined {
  const [first, ...others] = runs;
  const paths = new Map(
    others.flatMap((run) =>
      differingValues(first?.config, run.config).map(({ path }) => [formatConfigPath(path), path] as const),
    ),
  );
  const table = dataTable({
    caption: "Keys that differ",
    head: ["key", ...runs.map((_, index) => letterOf(index))],
    rows: [...paths].map(([key, path]) => [key, ...runs.map(({ config }) => show(valueAt(config, path)))]),
  });
  return section(
    2,
    "What differs in the configs",
    paths.size > 0 ? table : html`<p>Nothing: the configs are the same.</p>`,
  );
}

function valueAt(config: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (Object.hasOwn(Object(value), key) ? Object(value)[key] : undefined),
    config,
  );
}

const longestValue = 80;

function show(value: unknown): string {
  if (value === undefined) return "-";
  const text = JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}
