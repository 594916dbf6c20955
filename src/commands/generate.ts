import type { ModelFolder } from "../checkpoint/model-folder";
import { modelPreprocessing } from "../checkpoint/model-preprocessing";
import { type Generator, generate, whyNotCached } from "../generate/generate";
import type { FoundInput } from "../predict/expand-inputs";
import { csvLine } from "../predict/format-predictions";
import { OutputFile } from "../predict/output-file";
import { readPrompts } from "../predict/read-prompts";
import { DataError } from "../shared/errors";
import type { CommandContext } from "./context";
import type { GenerateOptions } from "./generation-options";
import { failedInputs, isCsvFile } from "./prediction-output";
import { startDevice } from "./start-device";

type Generated =
  | { readonly prompt: string; readonly text: string; readonly tokens: number; readonly input?: string }
  | { readonly prompt?: string; readonly error: string; readonly input: string };

/** The part of `dlctl predict` that is for language models: each prompt is gone on with, on a terminal as it comes. */
export async function generateCommand(
  context: CommandContext,
  folder: ModelFolder,
  inputs: readonly FoundInput[],
  options: GenerateOptions,
): Promise<void> {
  const { maxTokens = 200, temperature = 0.8, topK, topP, seed = 0, output, device } = options;
  const file = output === undefined ? undefined : await OutputFile.create(output);
  try {
    await startDevice(context, device);
    const { tokenizer } = modelPreprocessing(folder);
    if (!tokenizer) throw new DataError("The model's preprocessing has no tokenizer");
    const model = await folder.loadModel();
    const failures: { readonly input: string; readonly error: string }[] = [];
    let count = 0;
    try {
      const obstacle = whyNotCached(model);
      if (obstacle) context.note(`each token costs a run over the whole context: ${obstacle}`);
      const generator: Generator = { model, tokenizer, maxTokens, sampling: { temperature, topK, topP }, seed };
      let head = file && isCsvFile(file.path) ? [csvLine(["prompt", "text", "error"])] : [];
      for await (const found of readPrompts(inputs, context.signal)) {
        if (!file && count > 0) context.print("");
        const generated = await goOn(context, generator, found, file === undefined);
        if ("error" in generated) failures.push(generated);
        await context.json(generated);
        await file?.write([...head, isCsvFile(file.path) ? csvRow(generated) : JSON.stringify(generated)]);
        head = [];
        count++;
      }
    } finally {
      model.dispose();
    }
    await file?.finish();
    if (file) context.print(`Wrote ${count} ${count === 1 ? "text" : "texts"} to ${output}`);
    if (failures.length > 0) throw failedInputs(failures, count);
  } finally {
    await file?.discard();
  }
}

async function goOn(
  context: CommandContext,
  generator: Generator,
  found: FoundInput,
  isShown: boolean,
): Promise<Generated> {
  const { input, text: prompt, problem } = found;
  if (prompt === undefined) return { input, error: problem ?? "There is no prompt" };
  const show = async (text: string) => {
    if (isShown) await context.write(text);
  };
  const named = input === prompt ? {} : { input };
  let text = "";
  let tokens = 0;
  try {
    await show(prompt);
    for await (const piece of generate(generator, prompt, context.signal)) {
      text += piece.text;
      tokens = piece.tokens;
      await show(piece.text);
    }
    return { ...named, prompt, text, tokens };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { input, prompt, error: error.message };
  } finally {
    await show("\n");
  }
}

function csvRow(generated: Generated): string {
  const { prompt = "" } = generated;
  return csvLine("error" in generated ? [prompt, "", generated.error] : [prompt, generated.text, ""]);
}
