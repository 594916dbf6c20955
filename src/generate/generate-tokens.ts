import { paddingId, unknownId } from "../data/text/tokenizer-record";
import type { IncrementalDecoder } from "../model/generation/incremental-decoder";
import { philox } from "../runtime/philox";
import { deriveSeed } from "../shared/derive-seed";
import { type Sampling, sampleToken } from "./sample-token";

export interface GenerationRequest {
  readonly decoder: IncrementalDecoder;
  /** One or more. */
  readonly prompt: readonly number[];
  readonly maxTokens: number;
  readonly sampling: Sampling;
  /** Decides what is drawn, together with the number of the token. */
  readonly seed: number;
}

/** Tokens that stand for no text. */
const banned: ReadonlySet<number> = new Set([paddingId, unknownId]);

/**
 * Tokens that go on with the prompt, one by one as they are asked for. When the model's context is full, its older half is
 * dropped and the newer half read again from the start. Of a prompt longer than the context only its end is read. Leaves
 * the decoder reset.
 */
export function* generateTokens(request: GenerationRequest): Generator<number, void, undefined> {
  const { decoder, maxTokens, sampling, seed } = request;
  const read = request.prompt.slice(-decoder.contextLength);
  try {
    let logits = decoder.prime(read);
    for (let index = 0; index < maxTokens; index++) {
      const token = sampleToken(logits, sampling, drawNumber(seed, index), banned);
      yield token;
      if (index + 1 === maxTokens) return;
      read.push(token);
      if (decoder.length < decoder.contextLength) {
        logits = decoder.next(token);
        continue;
      }
      read.splice(0, read.length - newerHalf(decoder.contextLength));
      logits = decoder.prime(read);
    }
  } finally {
    decoder.reset();
  }
}

/** How many of the newest tokens are kept of a full context. */
function newerHalf(contextLength: number): number {
  return Math.max(1, Math.ceil(contextLength / 2));
}

/** From 0 to below 1, with 32 bits. */
function drawNumber(seed: number, index: number): number {
  const [bits] = philox([index, 0, 0, 0], [seed, deriveSeed(seed, "generation")]);
  return bits / 2 ** 32;
}
