import { readModelFolder } from "../checkpoint/model-folder";
import { modelPreprocessing } from "../checkpoint/model-preprocessing";
import { expandInputs } from "../predict/expand-inputs";
import { csvHead, csvRow, formatLine, formatName, type LineWidths } from "../predict/format-predictions";
import { OutputFile } from "../predict/output-file";
import { predictChunks } from "../predict/predict-chunks";
import type { Prediction } from "../predict/prediction";
import { readAhead } from "../predict/read-ahead";
import { readInputs } from "../predict/read-inputs";
import type { DeviceRequest } from "../runtime/start-runtime";
import { DataError } from "../shared/errors";
import type { CommandContext } from "./context";
import { readStandardInput } from "./read-standard-input";
import { startDevice } from "./start-device";

export interface PredictOptions {
  /** Labels listed for each input; by default all with --json, and the best one for people. */
  readonly topK?: number;
  /** File for the predictions: CSV by its ending, else JSON lines. */
  readonly output?: string;
  readonly batchSize?: number;
  readonly device?: DeviceRequest;
}

/** `dlctl predict`: what a model says of images, or of the rows of tables. */
export async function predictCommand(
  context: CommandContext,
  modelPath: string,
  given: readonly string[],
  { topK, output, batchSize = 32, device }: PredictOptions,
): Promise<void> {
  const { signal } = context;
  const folder = await readModelFolder(modelPath);
  const { description } = folder;
  const { inputs, skipped } = await expandInputs(given, {
    areImages: description.input.kind === "image",
    readList: () => readStandardInput(signal),
    signal,
  });
  for (const sentence of skipped) context.note(sentence);
  const file = output === undefined ? undefined : await OutputFile.create(output);
  try {
    await startDevice(context, device);
    const preprocessing = modelPreprocessing(folder);
    const model = await folder.loadModel();
    const { deviceStage } = preprocessing;
    const isListingAll = context.isJson || output !== undefined;
    const predictor = { model, deviceStage, labels: description.labels, topK: topK ?? (isListingAll ? undefined : 1) };
    const chunks = readInputs(inputs, description, preprocessing, { chunkSize: batchSize, signal });
    const progress = context.progress("Predicting", description.input.kind === "image" ? inputs.length : undefined);
    const show = shower(context, description.targets, file, {
      name: Math.min(60, Math.max(...inputs.map(({ input }) => input.length))),
      label: Math.max(0, ...(description.labels ?? []).map((label) => label.length)),
    });
    const failures: Prediction[] = [];
    let count = 0;
    try {
      for await (const predictions of predictChunks(predictor, readAhead(chunks))) {
        signal.throwIfAborted();
        await show(predictions);
        failures.push(...predictions.filter((prediction) => "error" in prediction));
        count += predictions.length;
        progress.update(count);
      }
    } finally {
      progress.finish();
      model.dispose();
    }
    await file?.finish();
    if (file) context.print(`Wrote ${count} ${count === 1 ? "prediction" : "predictions"} to ${output}`);
    if (failures.length > 0) throw failedInputs(failures, count);
  } finally {
    await file?.discard();
  }
}

type Show = (predictions: readonly Prediction[]) => Promise<void>;

/** Writes predictions where they belong: standard output, and a file if there is one. */
function shower(
  context: CommandContext,
  targets: readonly string[] | null,
  file: OutputFile | undefined,
  widths: LineWidths,
): Show {
  const isCsv = file !== undefined && /\.csv$/i.test(file.path);
  let head = isCsv ? [csvHead(targets)] : [];
  return async (predictions) => {
    for (const prediction of predictions) {
      await context.json(prediction);
      if (!file) context.print(formatLine(prediction, widths, targets ?? []));
    }
    const toLine = (prediction: Prediction) => (isCsv ? csvRow(prediction, targets) : JSON.stringify(prediction));
    await file?.write([...head, ...predictions.map(toLine)]);
    head = [];
  };
}

function failedInputs(failures: readonly Prediction[], count: number): DataError {
  const [first] = failures;
  const reason = first && "error" in first ? `${formatName(first)}: ${first.error}` : "";
  if (count === 1) return new DataError(reason);
  return new DataError(`${failures.length} of ${count} inputs could not be predicted; the first: ${reason}`);
}
