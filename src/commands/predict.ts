import type { ModelDescription } from "../checkpoint/model-description";
import { readModelFolder } from "../checkpoint/model-folder";
import { expandInputs, type FoundInput, type TakenInputs } from "../predict/expand-inputs";
import { OutputFile } from "../predict/output-file";
import { predictChunks } from "../predict/predict-chunks";
import type { Prediction } from "../predict/prediction";
import { readAhead } from "../predict/read-ahead";
import { readInputs } from "../predict/read-inputs";
import { takenInputs } from "../predict/taken-inputs";
import type { DeviceRequest } from "../runtime/start-runtime";
import { UsageError } from "../shared/errors";
import type { CommandContext } from "./context";
import { type GenerateOptions, generationOptions } from "./generation-options";
import { failedInputs, predictionOutput } from "./prediction-output";
import { readStandardInput } from "./read-standard-input";
import { startPredictor } from "./start-predictor";

export interface PredictOptions extends GenerateOptions {
  /** Texts to predict, beside the inputs. */
  readonly text?: readonly string[];
  /** Labels listed for each input; by default all with --json, and the best one for people. */
  readonly topK?: number;
  /** File for the predictions: CSV by its ending, else JSON lines. */
  readonly output?: string;
  readonly batchSize?: number;
  readonly device?: DeviceRequest;
}

/** `dlctl predict`: what a model says of images, texts, or the rows of tables; how a language model goes on. */
export async function predictCommand(
  context: CommandContext,
  modelPath: string,
  given: readonly string[],
  options: PredictOptions,
): Promise<void> {
  const { signal } = context;
  requireSomething(given, options, modelPath);
  const folder = await readModelFolder(modelPath);
  const { description } = folder;
  checkOptions(description, options, modelPath);
  const takes = takenInputs(description);
  const { inputs, skipped } = await findInputs(context, given, options, takes);
  for (const sentence of skipped) context.note(sentence);
  if (description.task === "languageModel") {
    const { generateCommand } = await import("./generate.js");
    return generateCommand(context, folder, inputs, options);
  }
  const { topK, output, batchSize = 32, device } = options;
  const file = output === undefined ? undefined : await OutputFile.create(output);
  try {
    const examples = knownCount(takes, inputs);
    const predictor = await startPredictor(context, folder, { device, examples });
    const isListingAll = context.isJson || output !== undefined;
    const answering = { labels: description.labels, topK: topK ?? (isListingAll ? undefined : 1) };
    const chunks = readInputs(inputs, description, predictor.preprocessing, { chunkSize: batchSize, signal });
    const progress = context.progress("Predicting", examples);
    const show = predictionOutput(context, file, {
      targets: description.targets,
      isOfWords: description.task === "tokens",
      widths: {
        name: Math.min(60, Math.max(...inputs.map(({ input }) => input.length))),
        label: Math.max(0, ...(description.labels ?? []).map((label) => label.length)),
      },
    });
    const failures: Extract<Prediction, { readonly error: string }>[] = [];
    let count = 0;
    try {
      for await (const predictions of predictChunks(predictor, answering, readAhead(chunks))) {
        signal.throwIfAborted();
        await show(predictions);
        for (const prediction of predictions) if ("error" in prediction) failures.push(prediction);
        count += predictions.length;
        progress.update(count);
      }
      await file?.finish();
      if (file) context.print(`Wrote ${count} ${count === 1 ? "prediction" : "predictions"} to ${output}`);
      await predictor.keep();
    } finally {
      progress.finish();
      predictor.dispose();
    }
    if (failures.length > 0) throw failedInputs(failures, count);
  } finally {
    await file?.discard();
  }
}

/** Images are as many as there are files; a file of texts or rows may hold any number. */
function knownCount(takes: TakenInputs, inputs: readonly FoundInput[]): number | undefined {
  return takes === "images" ? inputs.length : undefined;
}

/** Texts and prompts of the command line first, then what the arguments name. */
async function findInputs(
  { signal }: CommandContext,
  given: readonly string[],
  { text = [], prompt = [] }: PredictOptions,
  takes: TakenInputs,
): Promise<{ readonly inputs: readonly FoundInput[]; readonly skipped: readonly string[] }> {
  const stated = [...text, ...prompt].map((each) => ({ input: each, text: each }));
  if (given.length === 0) return { inputs: stated, skipped: [] };
  const found = await expandInputs(given, { takes, readList: () => readStandardInput(signal), signal });
  return { inputs: [...stated, ...found.inputs], skipped: found.skipped };
}

/** Throws UsageError for an option that is not for this model. */
function checkOptions(description: ModelDescription, options: PredictOptions, model: string): void {
  const { text = [] } = options;
  const isLanguageModel = description.task === "languageModel";
  if (text.length > 0 && (isLanguageModel || description.input.kind !== "text")) {
    const hint = isLanguageModel ? "Give the text to go on with by --prompt." : "Name files.";
    throw new UsageError(`--text is for models of texts, and ${model} is none`, { hint });
  }
  const foreign = isLanguageModel ? [] : generationOptions(options);
  if (foreign.length > 0) {
    const one = foreign.length === 1;
    throw new UsageError(`${foreign.join(", ")} ${one ? "is" : "are"} for language models, and ${model} is none`, {
      hint: `Leave ${one ? "it" : "them"} out.`,
    });
  }
}

/** Throws UsageError where nothing is named, whatever the model is. */
function requireSomething(given: readonly string[], { text = [], prompt = [] }: PredictOptions, model: string): void {
  if (given.length + text.length + prompt.length > 0) return;
  throw new UsageError("There is nothing to predict", {
    hint: `Name files: dlctl predict ${model} <input>; or give a text by --text, or by --prompt to a language model.`,
  });
}
