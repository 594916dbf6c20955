import type { Tokenizer } from "../data/text/tokenizer";
import { createDecoder } from "../model/generation/create-decoder";
import type { tf } from "../runtime/tf";
import { DataError } from "../shared/errors";
import { generateTokens } from "./generate-tokens";
import type { Sampling } from "./sample-token";

/** A language model and how it is to go on. */
export interface Generator {
  readonly model: tf.LayersModel;
  readonly tokenizer: Tokenizer;
  readonly maxTokens: number;
  readonly sampling: Sampling;
  readonly seed: number;
}

export interface GeneratedPiece {
  /** What is added to the prompt and the pieces before. */
  readonly text: string;
  /** Tokens so far. */
  readonly tokens: number;
}

/**
 * The text that goes on with `prompt`, piece by piece. Other tasks get their turn between pieces. Throws DataError for a prompt
 * without any token. Aborting ends it by the signal's reason. The model is not disposed.
 */
export async function* generate(
  { model, tokenizer, maxTokens, sampling, seed }: Generator,
  prompt: string,
  signal: AbortSignal,
): AsyncGenerator<GeneratedPiece, void, undefined> {
  const read = tokenizer.encode(prompt);
  if (read.length === 0) {
    throw new DataError("The prompt is empty, and the model needs something to go on with", {
      hint: tokenizer.unit === "word" ? "Give a word." : "Give some text, be it a line break: --prompt $'\\n'",
    });
  }
  const decoder = createDecoder(model);
  let tokens = 0;
  for (const token of generateTokens({ decoder, prompt: [...read], maxTokens, sampling, seed })) {
    yield { text: textOf(tokenizer, token), tokens: ++tokens };
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
}

/** Why each token of this model costs a run over the whole context; undefined where what was computed is kept. */
export function whyNotCached(model: tf.LayersModel): string | undefined {
  const decoder = createDecoder(model);
  decoder.reset();
  return decoder.whyNotCached;
}

/** Words are set apart by spaces. */
function textOf({ unit, tokens }: Tokenizer, token: number): string {
  return `${unit === "word" ? " " : ""}${tokens[token] ?? ""}`;
}
