import { classColumns, csvHead, csvRow, formatLine, formatName, type LineWidths } from "../predict/format-predictions";
import type { OutputFile } from "../predict/output-file";
import type { InputName, Prediction } from "../predict/prediction";
import { DataError } from "../shared/errors";
import type { CommandContext } from "./context";

interface OutputForm {
  /** Names of the values; null for classes. */
  readonly targets: readonly string[] | null;
  /** Whether each word has a label. */
  readonly isOfWords: boolean;
  readonly widths: LineWidths;
}

type Show = (predictions: readonly Prediction[]) => Promise<void>;

/** Writes predictions where they belong: standard output, or a file if there is one, as CSV by its ending, else JSON lines. */
export function predictionOutput(
  context: CommandContext,
  file: OutputFile | undefined,
  { targets, isOfWords, widths }: OutputForm,
): Show {
  const columns = targets ?? (isOfWords ? ["labels"] : classColumns);
  const isCsv = file !== undefined && isCsvFile(file.path);
  let head = isCsv ? [csvHead(columns)] : [];
  return async (predictions) => {
    for (const prediction of predictions) {
      await context.json(prediction);
      if (!file) context.print(formatLine(prediction, widths, targets ?? []));
    }
    const toLine = (prediction: Prediction) => (isCsv ? csvRow(prediction, columns) : JSON.stringify(prediction));
    await file?.write([...head, ...predictions.map(toLine)]);
    head = [];
  };
}

export const isCsvFile = (path: string) => /\.csv$/i.test(path);

/** The error that a run ends with when some of its `count` inputs failed. */
export function failedInputs(
  failures: readonly (InputName & { readonly error: string })[],
  count: number,
  done = "predicted",
): DataError {
  const [first] = failures;
  const name = first ? formatName(first) : "";
  const reason = name === "" ? `${first?.error}` : `${name}: ${first?.error}`;
  if (count === 1) return new DataError(reason);
  return new DataError(`${failures.length} of ${count} inputs could not be ${done}; the first: ${reason}`);
}
