import { isInOrder, outOfOrder } from "../../data/splits/split-examples";
import type { ConfigProblem } from "../../shared/errors";
import type { Config } from "../config-schema";

/** Whether rows can be cut into windows, and are divided so that none crosses a border. */
export function checkWindow({ data }: Config): ConfigProblem[] {
  const window = data.source === "csv" || data.source === "text" ? data.window : undefined;
  if (!window) return [];
  const method = data.split?.method ?? (data.split?.by === undefined ? undefined : "group");
  const split = method === undefined || isInOrder(method) ? [] : [outOfOrder(method)];
  return data.source === "csv" ? [...checkColumns(data), ...split] : split;
}

function checkColumns({ columns, window }: Extract<Config["data"], { source: "csv" }>): ConfigProblem[] {
  const { features, target, sequence, layout } = columns;
  if (features === undefined || target === undefined) {
    return [
      {
        path: "data.window",
        message: "a window is for forecasting, from columns of numbers",
        hint: 'Name "features" and "target" in data.columns, or leave "window" out.',
      },
    ];
  }
  if (sequence !== undefined || layout === "steps") {
    return [
      {
        path: "data.window",
        message:
          "windows are cut from rows that follow on one another, and data.columns lays out a series for each example",
        hint: 'Leave "window" out, or "sequence" and "layout".',
      },
    ];
  }
  // Ranges are looked up in the table, when it is opened.
  const isOpen = [...features, ...target].some((name) => name.includes(".."));
  const unseen = isOpen ? [] : target.filter((name) => !features.includes(name));
  if (window?.relativeTo === undefined || unseen.length === 0) return [];
  return [
    {
      path: "data.window.relativeTo",
      message: `the model does not see the last value of ${unseen.join(", ")}`,
      hint: "Name the targets among the features, too.",
    },
  ];
}
