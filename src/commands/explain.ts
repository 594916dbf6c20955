import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileAtomically } from "../checkpoint/atomic-file";
import { writing } from "../checkpoint/explain-write-error";
import { type ModelFolder, readModelFolder } from "../checkpoint/model-folder";
import { modelPreprocessing } from "../checkpoint/model-preprocessing";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import { drawExplanation, drawingEnding, markedPieces } from "../explain/draw/draw-explanation";
import { drawingNames } from "../explain/drawing-names";
import { explain } from "../explain/explain";
import type { ExplainMethod, Explanation } from "../explain/explanation";
import { expandInputs, type FoundInput } from "../predict/expand-inputs";
import { formatName } from "../predict/format-predictions";
import type { InputItem } from "../predict/input-chunk";
import type { InputName } from "../predict/prediction";
import { readInputs } from "../predict/read-inputs";
import { takenInputs } from "../predict/taken-inputs";
import type { DeviceRequest } from "../runtime/start-runtime";
import type { tf } from "../runtime/tf";
import { UsageError } from "../shared/errors";
import type { HostTensor } from "../shared/host-tensor";
import type { CommandContext } from "./context";
import { explainedSentence, explanationJson, explanationLines } from "./describe-explanation";
import { failedInputs } from "./prediction-output";
import { readStandardInput } from "./read-standard-input";
import { startDevice } from "./start-device";

export interface ExplainOptions {
  readonly method?: ExplainMethod;
  /** The class or value to explain. */
  readonly class?: string;
  /** From 1: of models that say something of each step. */
  readonly step?: number;
  readonly layer?: string;
  /** A file, or a folder for files; images are written without it too. */
  readonly output?: string;
  readonly text?: readonly string[];
  readonly device?: DeviceRequest;
}

/** `dlctl explain`: which parts of an input a model's answer hangs on. */
export async function explainCommand(
  context: CommandContext,
  modelPath: string,
  given: readonly string[],
  options: ExplainOptions,
): Promise<void> {
  const { signal } = context;
  const { text = [] } = options;
  if (given.length + text.length === 0) {
    throw new UsageError("There is nothing to explain", {
      hint: `Name files: dlctl explain ${modelPath} <input>; or give a text by --text.`,
    });
  }
  const folder = await readModelFolder(modelPath);
  requireExplainable(folder, options);
  const inputs = await findInputs(context, given, options, folder);
  await startDevice(context, options.device);
  const preprocessing = modelPreprocessing(folder);
  const model = await folder.loadModel();
  const failures: (InputName & { readonly error: string })[] = [];
  let count = 0;
  try {
    const explainer = { context, folder, preprocessing, model, options, nameOf: namesFor(options, preprocessing) };
    for await (const { items, inputs: tensor } of readInputs(inputs, folder.description, preprocessing, {
      chunkSize: 1,
      signal,
    })) {
      let read = 0;
      for (const item of items) {
        signal.throwIfAborted();
        if (count++ > 0) context.print("");
        if (item.problem === undefined && tensor) await explainOne(explainer, item, exampleOf(tensor, read++));
        else failures.push(await fail(context, item));
      }
    }
  } finally {
    model.dispose();
  }
  if (failures.length > 0) throw failedInputs(failures, count, "explained");
}

interface Explainer {
  readonly context: CommandContext;
  readonly folder: ModelFolder;
  readonly preprocessing: Preprocessing;
  readonly model: tf.LayersModel;
  readonly options: ExplainOptions;
  readonly nameOf: ReturnType<typeof drawingNames> | undefined;
}

async function explainOne(
  { context, folder, preprocessing, model, options, nameOf }: Explainer,
  { name, words }: InputItem,
  input: HostTensor,
): Promise<void> {
  const { description } = folder;
  const explanation = explain({
    model,
    preprocessing,
    description,
    input,
    method: options.method,
    output: options.class,
    step: options.step === undefined ? undefined : stepOf(options.step, input, words),
    layer: options.layer,
    signal: context.signal,
  });
  const request = { explanation, preprocessing, input };
  const file = nameOf?.(name.input, explanation.method, name.row);
  if (file !== undefined) {
    const title = formatName(name);
    const drawn = await drawExplanation({ ...request, title, sentence: explainedSentence(description, explanation) });
    await writing(dirname(file), () => mkdir(dirname(file), { recursive: true }), "another place with --output");
    await writeFileAtomically(file, drawn, "another place with --output");
  }
  show(context, { name, explanation, description, file }, request);
  await context.json(explanationJson({ name, explanation, description, file }, markedPieces(request)));
}

function show(
  context: CommandContext,
  explained: Parameters<typeof explanationLines>[0],
  request: { explanation: Explanation; preprocessing: Preprocessing; input: HostTensor },
): void {
  const pieces = markedPieces(request);
  const { head, table } = explanationLines(explained, pieces);
  for (const line of head) context.print(line);
  const { tokenizer } = request.preprocessing;
  if (tokenizer && pieces.length > 0) {
    const separator = tokenizer.unit === "word" ? " " : "";
    context.printMarked(pieces.flatMap((piece) => [piece, { text: separator, weight: 0 }]));
  }
  for (const line of table) context.print(line);
}

async function fail(context: CommandContext, { name, problem = "" }: InputItem) {
  const failure = { ...name, error: problem };
  await context.json(failure);
  context.print(`${formatName(name)}  error: ${problem}`);
  return failure;
}

function exampleOf({ data, shape }: HostTensor, index: number): HostTensor {
  const [count = 1, ...inner] = shape;
  const size = data.length / count;
  return { data: data.slice(index * size, (index + 1) * size), shape: [1, ...inner] };
}

/** Of tagged words the step that the word with this number is at, else the step with this number. */
function stepOf(number: number, { shape }: HostTensor, words: InputItem["words"]): number {
  const step = words ? words.wordOfStep.indexOf(number - 1) : number - 1;
  const count = words ? words.words.length : (shape[1] ?? 1);
  if (step >= 0 && step < (shape[1] ?? 1)) return step;
  throw new UsageError(`There is no ${words ? "word" : "step"} ${number} that the model sees`, {
    hint: `The input has ${count}.`,
  });
}

function requireExplainable({ path, description }: ModelFolder, { text = [], step }: ExplainOptions): void {
  const { task, input } = description;
  if (task === "languageModel") {
    throw new UsageError(`${path} is a language model, and these are not explained`, {
      hint: "`dlctl predict --prompt` shows what it goes on with.",
    });
  }
  if (text.length > 0 && input.kind !== "text") {
    throw new UsageError(`--text is for models of texts, and ${path} is none`, { hint: "Name files." });
  }
  if (step !== undefined && task !== "tokens") {
    throw new UsageError(`--step is for models that say something of each word, and ${path} is none`, {
      hint: "Leave it out.",
    });
  }
}

async function findInputs(
  context: CommandContext,
  given: readonly string[],
  { text = [] }: ExplainOptions,
  { description }: ModelFolder,
): Promise<readonly FoundInput[]> {
  const stated = text.map((each) => ({ input: each, text: each }));
  if (given.length === 0) return stated;
  const { signal } = context;
  const takes = takenInputs(description);
  const found = await expandInputs(given, { takes, readList: () => readStandardInput(signal), signal });
  for (const sentence of found.skipped) context.note(sentence);
  return [...stated, ...found.inputs];
}

/** Images are always drawn, as nothing else shows them; the others where a place is named. */
function namesFor({ output }: ExplainOptions, preprocessing: Preprocessing): Explainer["nameOf"] {
  const ending = drawingEnding(preprocessing);
  if (output === undefined && ending !== "png") return undefined;
  return drawingNames(output, ending);
}
