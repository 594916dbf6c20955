/**
 * A language model that is read token by token. Logits are the numbers whose softmax is the distribution of the next token, one for each token
 * of the vocabulary. One sequence at a time.
 */
export interface IncrementalDecoder {
  /** The most tokens that it can have read: the length of the model's input; infinite where that is open. */
  readonly contextLength: number;
  /** Tokens read since the last reset. */
  readonly length: number;
  /** Why each token costs a run over all tokens before it; undefined where what was computed for them is kept. */
  readonly whyNotCached: string | undefined;
  /** Forgets everything and reads these tokens, one or more. Returns the logits behind the last. Throws RangeError when they are too many. */
  prime(tokens: ArrayLike<number>): Float32Array;
  /** Reads one more token. Throws RangeError when the context is full: what to keep of it is the caller's choice. */
  next(token: number): Float32Array;
  /** Forgets everything, and disposes what was kept. */
  reset(): void;
}
