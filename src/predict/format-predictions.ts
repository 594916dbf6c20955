import { visibleText } from "../shared/visible-text";
import type { Prediction } from "./prediction";

/** `97.0 %`; only what is certain is 100.0 %. */
export function formatPercent(probability: number): string {
  const percent = 100 * probability;
  return `${(percent < 100 ? Math.min(percent, 99.9) : percent).toFixed(1)} %`;
}

/** What a person calls an input: `a.png`, or `a.csv row 7`. */
export function formatName({ input, row }: Prediction): string {
  const name = visibleText(input);
  return row === undefined ? name : `${name} row ${row}`;
}

/** Widths that line up the predictions of all inputs. */
export interface LineWidths {
  readonly name: number;
  readonly label: number;
}

/** `a.png  sneaker   97.0 %  boot       2.1 %`; values with `targets` as their names. */
export function formatLine(prediction: Prediction, { name, label }: LineWidths, targets: readonly string[]): string {
  const start = formatName(prediction).padEnd(name);
  if ("error" in prediction) return `${start}  error: ${prediction.error}`;
  if ("values" in prediction) {
    const values = prediction.values.map(
      (value, index) => `${targets[index] ?? "value"} ${Number(value.toPrecision(6))}`,
    );
    return `${start}  ${values.join("  ")}`;
  }
  const ranked = prediction.predictions.map(
    (each) => `${each.label.padEnd(label)} ${formatPercent(each.probability).padStart(7)}`,
  );
  return `${start}  ${ranked.join("  ")}`;
}

/** The first line of a CSV of predictions; `targets` names the values, null for classes. */
export function csvHead(targets: readonly string[] | null): string {
  return csvLine(["input", "row", ...(targets ?? ["label", "probability"]), "error"]);
}

/** One prediction as a line of CSV (RFC 4180), with the columns of `csvHead`. */
export function csvRow(prediction: Prediction, targets: readonly string[] | null): string {
  const empty = (targets ?? ["label", "probability"]).map(() => "");
  const [cells, error] =
    "error" in prediction
      ? [empty, prediction.error]
      : "values" in prediction
        ? [prediction.values, ""]
        : [[prediction.label, prediction.probability], ""];
  return csvLine([prediction.input, prediction.row ?? "", ...cells, error]);
}

function csvLine(cells: readonly (string | number)[]): string {
  return cells
    .map((cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell)))
    .join(",");
}
