import type { FoundInput } from "./expand-inputs";
import { textOf } from "./read-texts";

/** The texts that a language model is to go on with: as given, whole files, or `prompt` of JSON lines. */
export async function* readPrompts(
  inputs: readonly FoundInput[],
  signal: AbortSignal,
): AsyncGenerator<FoundInput, void, undefined> {
  for (const found of inputs) {
    signal.throwIfAborted();
    if (found.jsonLines !== undefined) yield* parsePrompts(found.jsonLines);
    else yield { input: found.input, ...(await textOf(found, signal)) };
  }
}

function* parsePrompts(jsonLines: string): Generator<FoundInput, void, undefined> {
  for (const [index, line] of jsonLines.split("\n").entries()) {
    if (line.trim() === "") continue;
    const input = `- line ${index + 1}`;
    const prompt = promptOf(line);
    yield prompt === undefined
      ? { input, problem: 'It is no JSON object with a text by the key "prompt"' }
      : { input: prompt, text: prompt };
  }
}

function promptOf(line: string): string | undefined {
  try {
    const { prompt } = Object(JSON.parse(line)) as { readonly prompt?: unknown };
    return typeof prompt === "string" ? prompt : undefined;
  } catch {
    return undefined;
  }
}
