import type { TokenDetails } from "./evaluation";

/** Counts the tokens that a language model was to predict; its metrics say the rest. */
export class TokenCounter {
  readonly wantsOutputs = false;
  private tokens = 0;

  add(_examples: Int32Array, targets: ArrayLike<number>): void {
    for (let index = 0; index < targets.length; index++) if ((targets[index] ?? -1) >= 0) this.tokens++;
  }

  details(): TokenDetails {
    return { kind: "tokens", tokens: this.tokens };
  }
}
