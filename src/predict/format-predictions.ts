import { visibleText } from "../shared/visible-text";
import type { InputName, Prediction } from "./prediction";

/** `97.0 %`; only what is certain is 100.0 %. */
export function formatPercent(probability: number): string {
  const percent = 100 * probability;
  return `${(percent < 100 ? Math.min(percent, 99.9) : percent).toFixed(1)} %`;
}

/** What a person calls an input: `a.png`, or `a.csv row 7`. */
export function formatName({ input, row, sequence }: InputName): string {
  const name = visibleText(input);
  if (sequence !== undefined) return `${name} sequence ${visibleText(sequence)}`;
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
  if ("tokens" in prediction) {
    return `${start}  ${prediction.tokens.map(({ token, label }) => `${token}/${label ?? "?"}`).join(" ")}`;
  }
  const ranked = prediction.predictions.map(
    (each) => `${each.label.padEnd(label)} ${formatPercent(each.probability).padStart(7)}`,
  );
  return `${start}  ${ranked.join("  ")}`;
}

/** Columns of a CSV of predictions for a class each; in other ones the values' names, or `labels` of words. */
export const classColumns = ["label", "probability"] as const;

/** The first line of a CSV of predictions; `columns` are those that say what was predicted. */
export function csvHead(columns: readonly string[]): string {
  return csvLine(["input", "row", ...columns, "error"]);
}

/** One prediction as a line of CSV (RFC 4180), with the columns of `csvHead`. */
export function csvRow(prediction: Prediction, columns: readonly string[]): string {
  const name = [prediction.input, prediction.row ?? ""];
  if ("error" in prediction) return csvLine([...name, ...columns.map(() => ""), prediction.error]);
  return csvLine([...name, ...cellsOf(prediction), ""]);
}

function cellsOf(prediction: Exclude<Prediction, { readonly error: string }>): readonly (string | number)[] {
  if ("values" in prediction) return prediction.values;
  if ("tokens" in prediction) return [prediction.tokens.map(({ label }) => label ?? "?").join(" ")];
  return [prediction.label, prediction.probability];
}

/** A line of CSV, fields quoted where they must be. */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells
    .map((cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell)))
    .join(",");
}
